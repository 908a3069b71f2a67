/** Says that something did not work, at once to those who listen. The region is there before its text. */
import './controls.css';

export function Problem({ text }: { text: string | null }) {
  return <div role="alert">{text !== null && <p class="problem">{text}</p>}</div>;
}
