/** What is asked of the server where customers see what is kept about them. Refusals are thrown as they are. */
import type { CopiesAnswer, CopyAnswer, CopyView } from '../../../../protocol/copies.ts';
import type { OpenFileAnswer } from '../../../../protocol/file-bodies.ts';
import type {
  OwnConsent,
  OwnConsentsAnswer,
  OwnRequest,
  OwnRequestAnswer,
  OwnRequestsAnswer,
  RequestKind,
} from '../../../../protocol/privacy.ts';
import { ApiError } from '../../../api.ts';
import type { Chat } from '../../chat.ts';
import { proves } from '../proving.ts';
import { words } from './words.ts';

/** What customers ask of a person. A copy they take themselves. */
export type Wish = Exclude<RequestKind, 'access' | 'portability'>;
/** `shown`: what is shown to whoever is proved to be somebody; null: they are not. */
export type Mine = {
  consents: readonly OwnConsent[];
  shown: { requests: readonly OwnRequest[]; copies: readonly CopyView[] } | null;
};

/** The page that this frame is stands at the site's id. */
const site = () => `/api/v1/sites/${location.pathname.split('/').at(-1) ?? ''}/visitor`;

export class OwnData {
  readonly #chat: Chat;
  /** The OpenPGP public key that they gave, as long as this screen is open. */
  openpgp = '';

  constructor(chat: Chat) {
    this.#chat = chat;
  }

  async load(): Promise<Mine> {
    const { visitor } = this.#chat;
    const { consents } = await visitor.get<OwnConsentsAnswer>(`${site()}/consents`);
    try {
      const { requests } = await visitor.get<OwnRequestsAnswer>(`${site()}/requests`);
      const { copies } = await visitor.get<CopiesAnswer>(this.#copies);
      return { consents, shown: { requests, copies } };
    } catch (error) {
      if (!needsCode(error)) throw error;
      return { consents, shown: null };
    }
  }

  async ask(kind: Wish, wish: string): Promise<OwnRequest | null> {
    const said = wish.trim();
    const body = { kind, wish: said === '' ? null : said };
    const answer = await this.#proved(() =>
      this.#chat.visitor.post<OwnRequestAnswer>(`${site()}/requests`, body),
    );
    return answer?.request ?? null;
  }

  /** Null: they would not prove that it is they. */
  async beginCopy(openpgp?: string): Promise<CopyView | null> {
    const body = openpgp === undefined ? {} : { openpgp };
    const answer = await this.#proved(() => this.#chat.visitor.post<CopyAnswer>(this.#copies, body));
    return answer?.copy ?? null;
  }

  /** The one that they see; null: there is none. */
  get conversation(): string | null {
    return this.#chat.client.peek()?.id ?? null;
  }

  /** Mails it to the address that is proved to be theirs. Null: they would not prove that it is they. */
  mail(openpgp: string): Promise<object | null> {
    const path = `/api/v1/conversations/${this.conversation ?? ''}/transcripts`;
    return this.#proved(() => this.#chat.visitor.post<object>(path, { openpgp }));
  }

  async look(copy: string): Promise<CopyView> {
    return (await this.#chat.visitor.get<CopyAnswer>(`/api/v1/copies/${copy}`)).copy;
  }

  /**
   * Has the browser save it, as it comes: it may be larger than what a page holds. The frame itself goes there, because
   * its cookie is of this frame alone and a link that is saved does without; what comes is a download, and the page stays.
   * False: they would not prove that it is they.
   */
  async saveCopy(copy: string): Promise<boolean> {
    const path = `/api/v1/copies/${copy}/open`;
    const answer = await this.#proved(() => this.#chat.visitor.post<OpenFileAnswer>(path, {}));
    if (answer === null) return false;
    // Whatever is no download would come in the place of the chat.
    const first = await fetch(answer.address, { headers: { Range: 'bytes=0-0' }, cache: 'no-store' });
    if (!first.ok) throw new Error(`a copy was answered with ${first.status}`);
    location.assign(answer.address);
    return true;
  }

  async withdraw(version: string): Promise<readonly OwnConsent[]> {
    const path = `${site()}/consents/withdraw`;
    const { consents } = await this.#chat.visitor.post<OwnConsentsAnswer>(path, { version });
    // The next conversation asks for it anew.
    this.#chat.introduce(null);
    return consents;
  }

  prove(): Promise<boolean> {
    const inConversation = this.#chat.client.peek() !== null;
    const text = inConversation ? words.proveText : `${words.proveText} ${words.proveBefore}`;
    return proves({
      about: inConversation ? 'open' : 'continue',
      says: { title: words.proveTitle, text },
    });
  }

  get #copies(): string {
    return `/api/v1/visitors/${this.#chat.visitor.grant.peek()?.visitor.id ?? ''}/copies`;
  }

  async #proved<Answer>(work: () => Promise<Answer>): Promise<Answer | null> {
    try {
      return await work();
    } catch (error) {
      if (!needsCode(error)) throw error;
      return (await this.prove()) ? work() : null;
    }
  }
}

/** Why something did not work, in words for a customer. */
export function whyNot(error: unknown): string {
  if (!(error instanceof ApiError)) return words.failed;
  return error.code === 'offline' ? error.detail : (words.why[error.code] ?? words.failed);
}

function needsCode(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'code_needed';
}
