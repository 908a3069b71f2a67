/** Two short, quiet notes. A page on which nobody has pressed anything yet may not sound, and stays silent. */
const notes = [
  { hertz: 660, at: 0 },
  { hertz: 880, at: 0.09 },
];
const seconds = 0.18;
const loudness = 0.06;

let context: AudioContext | undefined;

export async function chime(): Promise<void> {
  context ??= new AudioContext();
  await context.resume();
  for (const { hertz, at } of notes) {
    const from = context.currentTime + at;
    const tone = new OscillatorNode(context, { frequency: hertz });
    const volume = new GainNode(context, { gain: 0 });
    volume.gain.linearRampToValueAtTime(loudness, from + 0.01);
    volume.gain.exponentialRampToValueAtTime(0.0001, from + seconds);
    tone.connect(volume).connect(context.destination);
    tone.start(from);
    tone.stop(from + seconds);
  }
}
