/**
 * The Durable Object of one member of staff: what has to be exact and in one place about their sign-in. An address
 * that nobody has gets an object of the same class, so that both cost the same time and answer alike; all it ever
 * keeps is a count of tries, which an alarm forgets.
 */
import { DurableObject } from 'cloudflare:workers';
import type { Env } from '../../config.ts';
import type { SessionId } from '../../protocol/ids.ts';
import { lifetimes, limits } from '../../protocol/limits.ts';
import { idleLimitOf, organisationOf } from '../organisation.ts';
import {
  type Amr,
  amrOf,
  areSame,
  endOf,
  type Factor,
  hasWaited,
  type Link,
  linkLifetimes,
  mayTry,
  type Proof,
  refreshRule,
  type Rights,
  type Session,
  type Whence,
} from './rules.ts';
import { Seats, type SessionState, type TakenSeat, type WishedSeat } from './seats.ts';
import { AccountStore } from './store.ts';

/**
 * `isStrange`: in a browser that its person has not signed in with lately, though they have with others. `isAbroad`: the
 * same of a country. `isCrowded`: they had as many sessions as can be, and the oldest was ended for it.
 */
export type NewSession = {
  session: Session;
  salt: Uint8Array;
  rights: Rights;
  isStrange: boolean;
  isAbroad: boolean;
  isCrowded: boolean;
};
/** `wasReused`: the session was ended just now, because a refresh token was used that somebody had used before. */
export type RefreshResult =
  { ended: true; wasReused?: true } | { ended: false; session: Session; rights: Rights };

/** Who is setting something up: a session, or somebody who enrols. */
type SetUpBy = SessionId | 'enrolment';

const strangersForgotten = 24 * 3_600_000;

export class Account extends DurableObject<Env> {
  #store: AccountStore;
  #seats: Seats;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#store = new AccountStore(ctx.storage.sql);
    this.#seats = new Seats(env, this.#store);
  }

  /**
   * Counts a try before it is made, so that many at once can't slip through. False: not now. A network from which
   * this person has signed in has a count of its own, so that strangers who try and fail don't lock them out there.
   * @param network the keyed hash of where the try comes from
   */
  async startTry(factor: Factor, network: string): Promise<boolean> {
    const now = Date.now();
    const pool = this.#poolOf(factor, network, now);
    // An owner key has more bits than anybody can try, and whoever needs it has nothing that ends a pause.
    const may = factor === 'ownerKey' ? hasWaited : mayTry;
    if (!may(this.#store.tries(pool), now)) return false;
    this.#store.countTry(pool, now);
    if (this.#store.rights() === undefined) await this.ctx.storage.setAlarm(now + strangersForgotten);
    return true;
  }

  passTry(factor: Factor, network: string): void {
    this.#store.forgiveTries(this.#poolOf(factor, network, Date.now()));
  }

  #poolOf(factor: Factor, network: string, now: number): string {
    return this.#store.remembers('network', network, now) ? `${factor} ${network}` : factor;
  }

  /** Ends the sessions whose time is over, or forgets the tries at an address that nobody has. */
  override async alarm(): Promise<void> {
    if (this.#store.rights() !== undefined) return this.#endWhatIsOver();
    const last = this.#store.lastTryAt();
    if (last !== undefined && Date.now() - last < strangersForgotten) {
      await this.ctx.storage.setAlarm(last + strangersForgotten);
    } else {
      await this.forget();
    }
  }

  /** Whoever gives an account back gives its tries back too. Other teams or another role are no such gift. */
  forgiveTries(): void {
    this.#store.forgiveAllTries();
  }

  /** Replaces what this person may do, and ends what they may no longer. The same rights again end nothing. */
  async setRights(rights: Omit<Rights, 'version'>): Promise<void> {
    const known = this.#store.rights();
    if (known?.active === true && areSame(known, rights)) return;
    const version = (known?.version ?? 0) + 1;
    this.#store.setRights({ ...rights, version });
    if (!rights.active) {
      this.#store.dropSessions();
      this.#forgetBegun();
    }
    if (version > 1) await this.#seats.expel(this.#store.seats());
  }

  /** Forgets everything: of a person who was not added after all, or of an address that nobody has. */
  async forget(): Promise<void> {
    await this.ctx.storage.deleteAll();
    this.#store = new AccountStore(this.ctx.storage.sql);
    this.#seats = new Seats(this.env, this.#store);
  }

  /** Keeps the hash of a link that is mailed, in place of an earlier one of its kind, and what it is about. */
  setLink(kind: Link, hash: string, about?: Uint8Array): void {
    const until = Date.now() + linkLifetimes[kind];
    this.#store.setMark(`link ${kind}`, hash, until);
    if (about !== undefined) this.#store.setMark(`about ${kind}`, about.slice().buffer, until);
  }

  hasLink(kind: Link, hash: string): boolean {
    return this.#store.mark(`link ${kind}`, Date.now()) === hash;
  }

  /** True once for the right hash: whoever follows a link uses it up. All but an invitation end every session. */
  async redeemLink(kind: Link, hash: string): Promise<boolean> {
    if (!this.hasLink(kind, hash)) return false;
    this.#store.dropMark(`link ${kind}`);
    // Whoever has just chosen a password is not to wait for what strangers tried with the one before.
    if (kind === 'reset') this.#store.forgiveFactor('password');
    if (kind !== 'invitation') await this.endSessions();
    return true;
  }

  /** What a link that has not run out is about. */
  linkIsAbout(kind: Link): Uint8Array | undefined {
    const about = this.#store.mark(`about ${kind}`, Date.now());
    return about instanceof ArrayBuffer ? new Uint8Array(about) : undefined;
  }

  /** May a mail be sent that anybody can ask for? The more were asked for since the last sign-in, the later. */
  startMail(): boolean {
    const now = Date.now();
    if (this.#store.rights()?.active !== true || !hasWaited(this.#store.tries('mail'), now)) return false;
    this.#store.countTry('mail', now);
    return true;
  }

  /** A sealed TOTP secret that waits for its first code, from whoever began with it. */
  setPendingTotp(sealed: Uint8Array, by: SetUpBy): void {
    const until = Date.now() + lifetimes.passwordOnly;
    this.#store.setMark('pending-totp', sealed.slice().buffer, until);
    this.#store.setMark('pending-totp-by', by, until);
  }

  pendingTotp(by: SetUpBy): Uint8Array | undefined {
    const now = Date.now();
    const sealed = this.#store.mark('pending-totp', now);
    const isTheirs = this.#store.mark('pending-totp-by', now) === by;
    return isTheirs && sealed instanceof ArrayBuffer ? new Uint8Array(sealed) : undefined;
  }

  /** What lies here sealed under their key goes with that key: they begin anew, or ask for another link. */
  forgetPending(): void {
    for (const name of ['pending-totp', 'pending-totp-by', 'link address', 'about address'])
      this.#store.dropMark(name);
  }

  /** Recovery codes that are shown now; they count once whoever they were shown to gives one of them back. */
  offerRecoveryCodes(hashes: readonly string[], by: SetUpBy): void {
    this.#store.offerRecoveryCodes(hashes, by, Date.now() + lifetimes.passwordOnly);
  }

  /** Whoever gives back one of the codes that they were just shown has kept them. False: it is none of them. */
  keepRecoveryCodes(hash: string, by: SetUpBy): boolean {
    if (this.#store.mark(`offered ${hash}`, Date.now()) !== by) return false;
    this.#store.keepOfferedCodes();
    return true;
  }

  /** An owner key that is shown now, in place of one that was shown before. */
  offerOwnerKey(hash: string, by: SessionId): void {
    this.#store.offerOwnerKey(hash, by, Date.now() + lifetimes.passwordOnly);
  }

  /** As `keepRecoveryCodes`. The key itself is the organisation's, and kept there. */
  keepOwnerKey(hash: string, by: SessionId): boolean {
    if (this.#store.mark(`owner-key ${hash}`, Date.now()) !== by) return false;
    this.#store.dropMark(`owner-key ${hash}`);
    return true;
  }

  /** Grows whenever everybody is signed out: a password that was proved before proves nothing any more. */
  epoch(): number {
    return Number(this.#store.mark('epoch', Date.now()) ?? 0);
  }

  /** Whatever was begun and is not done is void: links, what is being set up, passwords that were proved. */
  #forgetBegun(): void {
    this.#store.setMark('epoch', this.epoch() + 1);
    this.#store.dropBegun();
  }

  countRecoveryCodes(): number {
    return this.#store.countRecoveryCodes();
  }

  /** Uses a proof up. False: it, or for one-time codes a later one, was used before. */
  #spend(proof: Proof, now: number): boolean {
    const name = proof.by === 'totp' ? 'totp-step' : `challenge ${proof.challenge}`;
    const known = this.#store.mark(name, now);
    if (proof.by === 'passkey') {
      if (known !== undefined) return false;
      // Its token is too old by then.
      this.#store.setMark(name, 1, now + 2 * lifetimes.ceremony);
      return true;
    }
    if (proof.step <= Number(known ?? 0)) return false;
    this.#store.setMark(name, proof.step);
    this.#store.dropMark('pending-totp');
    return true;
  }

  /**
   * A session for a person who proved both factors. Undefined if the proof was used before or the account is not
   * active. `unfinished`: the proof was good and is used up, but there are no recovery codes that were kept, and
   * before there are nobody gets in.
   * @param epoch in which the password was proved; none for a passkey, which is both factors
   */
  async startSession(
    id: SessionId,
    proof: Proof,
    whence: Whence,
    epoch?: number,
  ): Promise<NewSession | 'unfinished' | undefined> {
    const now = Date.now();
    this.#store.dropMarksBefore(now);
    if (!this.#isOpenTo(epoch) || !this.#spend(proof, now)) return undefined;
    const amr = amrOf[proof.by];
    if (this.#store.mark('enrolled', now) === undefined) {
      this.#store.setMark('proved', JSON.stringify(amr), now + lifetimes.passwordOnly);
      return 'unfinished';
    }
    return this.#startSession(id, amr, whence, now);
  }

  /** The first session of somebody who has just proved their second factor and kept their recovery codes. */
  async finishEnrolment(
    id: SessionId,
    hash: string,
    whence: Whence,
    epoch: number,
  ): Promise<NewSession | undefined> {
    const now = Date.now();
    const proved = this.#store.mark('proved', now);
    const isOpen = this.#store.mark('enrolled', now) === undefined && this.#isOpenTo(epoch);
    if (!isOpen || typeof proved !== 'string' || !this.keepRecoveryCodes(hash, 'enrolment')) return undefined;
    this.#store.setMark('enrolled', 1);
    this.#store.dropMark('proved');
    return this.#startSession(id, JSON.parse(proved) as Amr, whence, now);
  }

  /** A session for a recovery code in place of another second factor, which uses it up. */
  async recover(
    id: SessionId,
    hash: string,
    whence: Whence,
    epoch: number,
  ): Promise<(NewSession & { codesLeft: number }) | undefined> {
    if (!this.#isOpenTo(epoch) || !this.#spendRecoveryCode(hash)) return undefined;
    const started = await this.#startSession(id, ['pwd', 'recovery'], whence, Date.now());
    return started && { ...started, codesLeft: this.#store.countRecoveryCodes() };
  }

  #isOpenTo(epoch: number | undefined): boolean {
    return this.#store.rights()?.active === true && (epoch === undefined || epoch === this.epoch());
  }

  #spendRecoveryCode(hash: string): boolean {
    const isOpen =
      this.#store.mark('enrolled', Date.now()) !== undefined && this.#store.rights()?.active === true;
    if (!isOpen || !this.#store.hasRecoveryCode(hash)) return false;
    this.#store.dropRecoveryCode(hash);
    return true;
  }

  async #startSession(
    id: SessionId,
    amr: Amr,
    { network, browser, device, country }: Whence,
    now: number,
  ): Promise<NewSession | undefined> {
    const rights = this.#store.rights();
    if (rights?.active !== true) return undefined;
    // A second factor frees the password that an attacker may have paused, and the reverse.
    this.#store.forgiveAllTries();
    this.#store.remember('network', network, now);
    const isStrange = this.#store.remember('browser', browser, now) === 'another';
    const isAbroad = country !== null && this.#store.remember('country', country, now) === 'another';
    const session: Session = {
      ...{ id, amr, device, country },
      ...{ authAt: now, provedAt: now, usedAt: now, generation: 1, rotatedAt: now },
    };
    const salt = crypto.getRandomValues(new Uint8Array(32));
    this.#store.addSession(session, salt);
    await this.#endWhatIsOver();
    const crowded = this.#store.sessions().slice(limits.sessionsPerPerson);
    for (const oldest of crowded) await this.endSession(oldest.id);
    return { session, salt, rights, isStrange, isAbroad, isCrowded: crowded.length > 0 };
  }

  /** A second factor, proved once more in a live session. False: it was used before, or the session is over. */
  async stepUp(id: SessionId, proof: Proof): Promise<boolean> {
    const idleLimit = await this.#idleLimit();
    const now = Date.now();
    if (this.#stateOf(id, idleLimit) === undefined || !this.#spend(proof, now)) return false;
    this.#store.setProved(id, now);
    return true;
  }

  /** As `stepUp`, by a recovery code, which uses it up. How many are left, or undefined. */
  async stepUpByRecovery(id: SessionId, hash: string): Promise<number | undefined> {
    const idleLimit = await this.#idleLimit();
    if (this.#stateOf(id, idleLimit) === undefined || !this.#spendRecoveryCode(hash)) return undefined;
    this.#store.setProved(id, Date.now());
    return this.#store.countRecoveryCodes();
  }

  /** The challenge of a passkey that is being added is used up. False: it was before. */
  spendChallenge(challenge: string): boolean {
    return this.#spend({ by: 'passkey', challenge }, Date.now());
  }

  /** An authenticator took the place of another. The code that showed it does not count again. */
  tookTotp(step: number): void {
    const known = Number(this.#store.mark('totp-step', Date.now()) ?? 0);
    this.#store.setMark('totp-step', Math.max(known, step));
    this.#store.dropMark('pending-totp');
  }

  async sessionState(id: SessionId): Promise<SessionState | undefined> {
    return this.#stateOf(id, await this.#idleLimit());
  }

  /** Nothing is waited for between this and what is done because of it. */
  #stateOf(id: SessionId, idleLimit: number): SessionState | undefined {
    const rights = this.#store.rights();
    const session = this.#store.session(id)?.session;
    if (rights?.active !== true || session === undefined) return undefined;
    return Date.now() < endOf(session, idleLimit) ? { rights, session } : undefined;
  }

  async #idleLimit(needs?: 'now'): Promise<number> {
    return idleLimitOf(await organisationOf(this.env, needs));
  }

  /** Its person did something so many milliseconds ago. What is over does not come back by it. */
  async use(id: SessionId, ago: number): Promise<void> {
    const idleLimit = await this.#idleLimit();
    if (this.#stateOf(id, idleLimit) !== undefined) this.#store.setUsed(id, Date.now() - ago);
  }

  /** Looks again when the next session's time is over, as it then is: whoever did something moves it. */
  async #endWhatIsOver(): Promise<void> {
    const idleLimit = await this.#idleLimit('now');
    const now = Date.now();
    const ends = this.#store.sessions().map((session) => ({ id: session.id, at: endOf(session, idleLimit) }));
    const next = Math.min(...ends.flatMap(({ at }) => (at > now ? [at] : [])));
    if (next !== Infinity) await this.ctx.storage.setAlarm(next);
    await Promise.all(ends.filter(({ at }) => at <= now).map(({ id }) => this.endSession(id)));
  }

  /** The organisation has other rules: whoever sits here comes back under those of now, if they still may. */
  async callBack(): Promise<void> {
    await this.#endWhatIsOver();
    await this.#seats.expel(this.#store.seats());
  }

  /** What makes this session's refresh tokens its own; of use only together with a key of the vault. */
  refreshSalt(id: SessionId): Uint8Array | undefined {
    return this.#store.session(id)?.salt;
  }

  /** What becomes of a genuine refresh token of this generation; see `refreshRule`. */
  async refresh(id: SessionId, generation: number): Promise<RefreshResult> {
    const idleLimit = await this.#idleLimit();
    const now = Date.now();
    const state = this.#stateOf(id, idleLimit);
    if (state === undefined) return { ended: true };
    const rule = refreshRule(state.session, generation, now);
    if (rule === 'end') {
      await this.endSession(id);
      return { ended: true, wasReused: true };
    }
    if (rule === 'rotate') this.#store.rotateSession(id, generation + 1, now);
    return { ended: false, session: { ...state.session, generation: generation + 1 }, rights: state.rights };
  }

  /** The sessions that live, the newest first. */
  async sessions(): Promise<Session[]> {
    const idleLimit = await this.#idleLimit();
    const now = Date.now();
    return this.#store.sessions().filter((session) => now < endOf(session, idleLimit));
  }

  /** Ends every session, or every other one. */
  async endSessions(but?: SessionId): Promise<void> {
    this.#forgetBegun();
    const ended = this.#store.sessions().filter(({ id }) => id !== but);
    for (const { id } of ended) this.#store.dropSession(id);
    await this.#seats.expel(this.#store.seats().filter(({ session }) => session !== but));
  }

  /** Whoever has no factor at all has not enrolled, whatever a process that died has left of that here. */
  beginEnrolment(): void {
    this.#store.dropEnrolment();
  }

  /** Whoever has lost their factors and recovery codes enrols anew, with the password that they have. */
  async resetEnrolment(): Promise<void> {
    this.#store.dropEnrolment();
    this.#store.forgiveAllTries();
    await this.endSessions();
  }

  async endSession(id: SessionId): Promise<void> {
    this.#store.dropSession(id);
    this.#store.dropMarksBy(id);
    await this.#seats.expel(this.#store.seats(id));
  }

  /** See `Seats.open`. */
  async open(id: SessionId, thing: string, wish?: 'ask'): Promise<boolean> {
    const organisation = await organisationOf(this.env);
    const state = this.#stateOf(id, idleLimitOf(organisation));
    return state !== undefined && this.#seats.open(state, thing, organisation, wish);
  }

  /** See `Seats.take`. Undefined: the session is over. */
  async takeSeat(seat: WishedSeat): Promise<TakenSeat> {
    const organisation = await organisationOf(this.env);
    const state = this.#stateOf(seat.session, idleLimitOf(organisation));
    return state === undefined ? undefined : this.#seats.take(state, seat, organisation);
  }

  watches(room: string, session: SessionId): boolean {
    return this.#seats.watches(room, session);
  }

  leaveSeat(id: string): void {
    this.#store.dropSeat(id);
  }
}
