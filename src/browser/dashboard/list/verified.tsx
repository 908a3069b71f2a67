/** Beside a name for which somebody answers. It is drawn, so that nobody can type it. */
import { words } from './words.ts';

export function Verified() {
  return (
    <svg class="verified" viewBox="0 0 16 16" role="img" aria-label={words.verified}>
      <path d="M8 .8 14.2 3v5c0 3.6-2.5 6.2-6.2 7.3C4.3 14.2 1.8 11.6 1.8 8V3z" />
      <path class="tick" d="m4.9 8 2.2 2.2 4.1-4.4" />
    </svg>
  );
}

/** Beside whoever has proved their address by a code. It says nothing of the name. */
export function AddressProved() {
  return (
    <svg class="verified" viewBox="0 0 16 16" role="img">
      <title>{words.addressProved}</title>
      <path d="M1 3.5h14v9H1z" />
      <path class="tick" d="m2 4.5 6 4.6 6-4.6" />
    </svg>
  );
}
