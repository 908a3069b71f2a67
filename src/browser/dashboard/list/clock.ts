/** Ticks often enough for waiting times in minutes. */
import { signal } from '@preact/signals';

const tick = 10_000;
export const clock = signal(Date.now());
setInterval(() => {
  clock.value = Date.now();
}, tick);
