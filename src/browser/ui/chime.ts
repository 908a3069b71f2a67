/** Two short, quiet tones that say that something has come. Made here, so that no file has to be fetched. */
const tones = [
  { hertz: 660, at: 0 },
  { hertz: 880, at: 0.12 },
] as const;
const seconds = 0.16;
const volume = 0.05;

export function ring(context: AudioContext): void {
  for (const { hertz, at } of tones) sound(context, hertz, context.currentTime + at);
}

/** Swells and fades, so that it does not click. */
function sound(context: AudioContext, hertz: number, at: number): void {
  const tone = context.createOscillator();
  const level = context.createGain();
  tone.frequency.value = hertz;
  level.gain.setValueAtTime(0, at);
  level.gain.linearRampToValueAtTime(volume, at + 0.02);
  level.gain.exponentialRampToValueAtTime(0.0001, at + seconds);
  tone.connect(level).connect(context.destination);
  tone.start(at);
  tone.stop(at + seconds);
}
