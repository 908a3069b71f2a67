/** Who sits here, and the steps of signing in until that is known. */
import { type ReadonlySignal, type Signal, effect, signal } from '@preact/signals';
import type {
  CeremonyAnswer,
  EnrolmentAnswer,
  Factor,
  FactorAnswer,
  Myself,
  OwnerKeyAnswer,
  SignInAnswer,
  StaffSession,
} from '../../protocol/sign-in.ts';
import { seeAsHeader } from '../../protocol/see-as.ts';
import { ApiError, StaffSignedIn, request } from '../api.ts';
import { Queue, Retrier, type Surroundings, inBrowser } from '../connection.ts';
import { Activity } from './activity.ts';
import { Idling } from './idling.ts';
import { startAnew } from './start-anew.ts';
import { shareGrants } from './tabs.ts';

/** The token of the steps between is good for the next step only. */
export type Stage =
  | { at: 'restoring' }
  | { at: 'signed-out' }
  | { at: 'forgotten' }
  | { at: 'factor'; token: string; factors: readonly Factor[] }
  | { at: 'recovery'; token: string }
  | { at: 'enrolment'; token: string }
  | { at: 'codes'; token: string; codes: readonly string[] }
  | { at: 'lost'; token: string }
  /** An owner who may go on after this time of this browser. */
  | { at: 'waiting'; until: number }
  /** An owner who is signed in for the first time, and may be given the owner key. */
  | { at: 'owner-key'; person: Myself }
  | { at: 'signed-in'; person: Myself };

export type SeenAs = Pick<Myself, 'role' | 'roleName' | 'grants'>;

export class Session {
  readonly api = new StaffSignedIn<StaffSession>('/api/v1/session/refresh', 'sotto-refresh');
  readonly stage: ReadonlySignal<Stage>;
  /** The role that whoever sits here sees Sotto as, in this page alone; null: their own. */
  readonly seenAs: Signal<SeenAs | null> = signal(null);
  /** Whose session is over, and whose page this still is: what they had before them is theirs alone. */
  readonly locked: ReadonlySignal<Myself | null>;
  readonly restoring: Retrier;
  readonly activity: Activity;
  readonly idling: Idling;
  #surroundings: Surroundings;
  #queue: Queue | null = null;
  #stage: Signal<Stage> = signal<Stage>({ at: 'restoring' });
  #locked: Signal<Myself | null> = signal<Myself | null>(null);
  #sayOver: () => void;

  constructor(surroundings: Surroundings = inBrowser, activity = new Activity(surroundings)) {
    this.#surroundings = surroundings;
    this.restoring = new Retrier(surroundings);
    this.stage = this.#stage;
    this.locked = this.#locked;
    this.activity = activity;
    this.#sayOver = shareGrants(this.api, surroundings);
    effect(() => {
      const role = this.seenAs.value?.role;
      this.api.headers = role === undefined ? {} : { [seeAsHeader]: role };
    });
    effect(() => this.#follow(this.api.grant.value));
    this.idling = new Idling(this, activity, surroundings);
  }

  /** What the person who is or was signed in here has written and not sent; only a session receives its key. */
  get queue(): Queue | null {
    return this.#queue;
  }

  /** After a reload the cookie may still stand for a session. */
  async restore(): Promise<void> {
    try {
      await this.restoring.run(() => this.api.renew());
    } catch {
      this.#stage.value = { at: 'signed-out' };
    }
  }

  async signIn(address: string, password: string): Promise<void> {
    const answer = await request<SignInAnswer>({
      method: 'POST',
      path: '/api/v1/sign-in',
      body: { address, password },
    });
    const { factors, token } = answer;
    this.#stage.value = factors.length === 0 ? { at: 'enrolment', token } : { at: 'factor', token, factors };
  }

  async enter(token: string, code: string): Promise<void> {
    this.#proved(await this.#proves<FactorAnswer>('totp', token, code));
  }

  /** A passkey signs in by itself. `offer`: only where the browser fills in fields, until that is over. */
  async enterByPasskey(offer?: { over: AbortSignal }): Promise<void> {
    const { answered } = await import('./passkeys.ts');
    const path = '/api/v1/sign-in/passkey';
    const asked = await request<CeremonyAnswer>({ method: 'POST', path: `${path}/challenge`, body: {} });
    const body = await answered(asked, offer);
    this.#proved(await request<FactorAnswer>({ method: 'POST', path, body }));
  }

  /** Sets up a passkey as the first second factor. */
  async enrolPasskey(token: string, name: string): Promise<void> {
    const { made } = await import('./passkeys.ts');
    const path = '/api/v1/sign-in/enrolment/passkey';
    const asked = await request<CeremonyAnswer>({ method: 'POST', path, body: {}, token });
    const body = { ...(await made(asked)), name };
    this.#proved(await request<FactorAnswer>({ method: 'POST', path: `${path}/confirm`, body, token }));
  }

  /** For whoever does not have their phone at hand. */
  recover(token: string): void {
    this.#stage.value = { at: 'recovery', token };
  }

  async enterRecovery(token: string, code: string): Promise<void> {
    this.api.take(await this.#proves<StaffSession>('recovery', token, code));
  }

  enrolment(token: string): Promise<EnrolmentAnswer> {
    return request<EnrolmentAnswer>({ method: 'POST', path: '/api/v1/sign-in/enrolment', body: {}, token });
  }

  async confirmEnrolment(token: string, code: string): Promise<void> {
    this.#proved(await this.#proves<FactorAnswer>('enrolment/confirm', token, code));
  }

  /** One of the codes that were shown, given back. */
  async finishEnrolment(token: string, code: string): Promise<void> {
    const grant = await this.#proves<StaffSession>('enrolment/finish', token, code);
    const { person } = grant;
    if (person.role === 'owner') this.#stage.value = { at: 'owner-key', person };
    this.api.take(grant);
  }

  /** After what was to be done before. */
  goIn(): void {
    const stage = this.#stage.peek();
    if (stage.at === 'owner-key') this.#stage.value = { at: 'signed-in', person: stage.person };
  }

  /** For an owner who has no recovery code either. */
  lost(token: string): void {
    this.#stage.value = { at: 'lost', token };
  }

  /** At first it begins a wait, and after that it leads to a new enrolment. */
  async giveOwnerKey(token: string, key: string): Promise<void> {
    const path = '/api/v1/sign-in/owner-key';
    const answer = await request<OwnerKeyAnswer>({ method: 'POST', path, body: { key }, token });
    this.#stage.value =
      answer.next === 'wait'
        ? { at: 'waiting', until: Date.now() + answer.until - answer.now }
        : { at: 'enrolment', token: answer.token };
  }

  /** Keeps out, by a link that was mailed, whoever waits to be let in with the owner key. */
  async stopOwnerKey(token: string): Promise<void> {
    await request<null>({ method: 'POST', path: '/api/v1/owner-key/cancel', body: { token } });
  }

  #proves<Answer>(step: string, token: string, code: string): Promise<Answer> {
    return request<Answer>({ method: 'POST', path: `/api/v1/sign-in/${step}`, body: { code }, token });
  }

  #proved(answer: FactorAnswer): void {
    if ('next' in answer)
      this.#stage.value = { at: 'codes', token: answer.token, codes: answer.recoveryCodes };
    else this.api.take(answer);
  }

  /** Chooses a password by a link that was mailed. */
  async redeem(kind: 'invitation' | 'reset', token: string, password: string): Promise<void> {
    const path = `/api/v1/${kind === 'invitation' ? 'invitations' : 'resets'}/redeem`;
    await request<null>({ method: 'POST', path, body: { token, password } });
  }

  /** Has a link mailed to whoever has forgotten their password, if somebody lives at this address. */
  async askForReset(address: string): Promise<void> {
    await request<null>({ method: 'POST', path: '/api/v1/resets', body: { address } });
  }

  /** Has the address from now on that a link was mailed to. */
  async takeAddress(token: string): Promise<void> {
    await request<null>({ method: 'POST', path: '/api/v1/addresses/redeem', body: { token } });
  }

  /** For whoever does not know their password any more. */
  forgot(): void {
    this.#stage.value = { at: 'forgotten' };
  }

  startOver(): void {
    this.#stage.value = { at: 'signed-out' };
  }

  /** Only the server can end a session: without its word it is not over, and the caller is told so. */
  async signOut(): Promise<void> {
    try {
      await this.api.delete<null>('/api/v1/session');
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'signed_out') throw error;
    }
    // Whoever leaves leaves nothing behind. A session that merely ran out keeps what is sealed.
    await this.#queue?.empty();
    this.#queue = null;
    this.#sayOver();
    this.api.forget();
    this.#locked.value = null;
  }

  /**
   * Nobody has done anything for too long. What was begun stays, and the session ends, so that no reload opens again
   * what is locked. Should the server not be reached, it ends it by its own clock.
   */
  lock(): void {
    const token = this.api.grant.peek()?.access;
    this.api.forget();
    if (token === undefined) return;
    // Without cookies: an answer that comes late must not take away that of the next session.
    const headers = { Authorization: `Bearer ${token}` };
    fetch('/api/v1/session', { method: 'DELETE', headers, credentials: 'omit', keepalive: true }).catch(
      () => null,
    );
  }

  #follow(grant: StaffSession | null): void {
    const stage = this.#stage.peek();
    const locked = this.#locked.peek();
    if (grant === null) {
      if (stage.at === 'signed-in') this.#locked.value = stage.person;
      else if (stage.at !== 'owner-key') return;
      this.#stage.value = { at: 'signed-out' };
    } else if (locked !== null && locked.id !== grant.person.id) startAnew();
    else {
      this.#locked.value = null;
      this.#keepQueue(grant);
      const { person } = grant;
      this.#stage.value = { at: stage.at === 'owner-key' ? stage.at : 'signed-in', person };
    }
  }

  #keepQueue({ person, queueKey }: StaffSession): void {
    if (this.#queue?.chest.person === person.id) return;
    this.#queue?.end();
    this.#queue = new Queue(person.id, queueKey, this.#surroundings);
  }
}
