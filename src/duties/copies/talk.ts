/** What a copy tells of: whom it is about, their conversations, and what was said in them. Both of its forms tell the same. */
import type { ConversationView, FileView, Message, Participant, Proof } from '../../protocol/frames.ts';
import type { RequestId, SiteId, VisitorId } from '../../protocol/ids.ts';
import type { RequestKind, RequestLaw, RequestProof, RequestState } from '../../protocol/privacy.ts';

export type About = {
  /** As of when, in Unix milliseconds. */
  at: number;
  origin: string;
  site: { id: SiteId; name: string };
  person: {
    id: VisitorId;
    name: string | null;
    address: string | null;
    proof: Proof;
    /** When they were seen first and last, if that was kept of them. */
    since: number | null;
    seenAt: number | null;
    ban: { at: number; until: number } | null;
    /** Since when what they began until then is kept and not used; null: it is not restricted. */
    restrictedSince: number | null;
  };
  /** Whether what staff keep to themselves is in it. */
  backstage: boolean;
  /** A language tag (BCP 47); null: not known. */
  language: string | null;
};

/** What they have asked about their data, and what they were answered. */
export type Asked = {
  id: RequestId;
  kind: RequestKind;
  law: RequestLaw;
  state: RequestState;
  proof: RequestProof;
  openedAt: number;
  dueAt: number;
  extendedAt: number | null;
  doneAt: number | null;
  /** What was said in words: by them, by staff on how they know them, why it takes longer, and the answer. */
  wish: string | null;
  how: string | null;
  extension: string | null;
  answer: string | null;
};

export type Talk = { view: ConversationView; people: readonly Participant[] };

/** What became of the files, by their ids: where those lie that are in it, and why others are not that could be opened. */
export type FilesTaken = {
  taken: Readonly<Record<string, string>>;
  left: Readonly<Record<string, 'room' | 'unreadable'>>;
};

/** A form of all that was asked and of all conversations, piece by piece. */
export type Form = {
  /** The name of its entry. */
  readonly name: string;
  begin(about: About): string;
  /** Some of what they have asked; none at all: they have asked nothing. */
  asked(about: About, asked: readonly Asked[], isFirst: boolean): string;
  askedEnds(about: About): string;
  talk(about: About, talk: Talk, isFirst: boolean): string;
  messages(
    about: About,
    talk: Talk,
    messages: readonly Message[],
    files: FilesTaken,
    isFirst: boolean,
  ): string;
  talkEnds(): string;
  end(about: About): string;
};

/** Why a file is not in a copy. */
export type Missing = 'waiting' | 'blocked' | 'unscanned' | 'expired' | 'removed' | 'room' | 'unreadable';

/** Of one that is not in it. What could be opened only after the files were put in was still looked at then. */
export function missing({ id, state, end }: FileView, { left }: FilesTaken): Missing {
  const why = left[id];
  if (why !== undefined) return why;
  if (state === 'gone') return end ?? 'expired';
  return state === 'blocked' || state === 'unscanned' ? state : 'waiting';
}
