/** Requests as somebody on staff, who may have to prove once more that it is they. */
import { ApiError, type Ask } from './request.ts';
import { type Grant, SignedIn } from './signed-in.ts';

export class StaffSignedIn<Given extends Grant> extends SignedIn<Given> {
  /** Has whoever sits here prove once more that it is they, and tells them why; false if they would not. */
  stepUp: ((why: string) => Promise<boolean>) | null = null;

  /** As `post`, but has nobody prove anything: what is asked for without anybody's wish fails instead. */
  quietly<Answer>(path: string, body: object): Promise<Answer> {
    return super.ask<Answer>('POST', path, body);
  }

  patch<Answer>(path: string, body: object): Promise<Answer> {
    return this.ask<Answer>('PATCH', path, body);
  }

  /** What needs a proof of just now is asked for again once that was given. */
  protected override async ask<Answer>(method: Ask['method'], path: string, body?: object): Promise<Answer> {
    try {
      return await super.ask<Answer>(method, path, body);
    } catch (error) {
      const isUnproved = error instanceof ApiError && error.code === 'step_up_needed';
      if (!isUnproved || (await this.stepUp?.(error.detail)) !== true) throw error;
      return super.ask<Answer>(method, path, body);
    }
  }
}
