/** The widget's sound. A page on which nobody has pressed anything yet may not sound, and stays silent. */
import { ring } from '../../ui/chime.ts';

let context: AudioContext | undefined;

export async function chime(): Promise<void> {
  context ??= new AudioContext();
  await context.resume();
  ring(context);
}
