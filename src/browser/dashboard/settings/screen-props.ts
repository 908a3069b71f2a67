/** What every screen of the settings is given. */
import type { Desk } from '../desk.ts';
import type { Session } from '../session.ts';

export interface ScreenProps {
  desk: Desk;
  session: Session;
  /** Null: the list. `new`: what is being made. */
  id: string | null;
  /** What is looked for, as the address has it. */
  query: string;
}
