/** The widget's sound. A frame in which nobody has pressed anything yet may not sound, and does not make up for it later. */
import { ring } from '../../ui/chime.ts';

let context: AudioContext | undefined;

export async function chime(): Promise<void> {
  if (!navigator.userActivation.hasBeenActive) return;
  context ??= new AudioContext();
  await context.resume();
  ring(context);
}
