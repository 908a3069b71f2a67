/** What a message looks like it holds, and what becomes of that. Who sends it again as it is sends it all the same. */
import { Button } from '../button.tsx';
import { boxOf, type Guarded } from './guard.ts';
import { kindsIn } from './saying.ts';
import { words } from './words.ts';

interface Props {
  guarded: Guarded;
  /** What sending it is called, where it is not only sent. */
  again?: string;
}

/** To be shown in a region that is read aloud at once. It is made of what may stand in a paragraph. */
export function Warning({ guarded: { form, text, lookout }, again = words.again }: Props) {
  const found = lookout().found.value;
  if (found?.text !== text.value) return null;
  const { masked, special, from, to } = found;
  const change = () => {
    lookout().dismiss();
    const box = boxOf(form());
    box?.focus();
    box?.setSelectionRange(from, to);
  };
  return (
    <span class="warning">
      {masked.length > 0 && <span>{words.looksLike(kindsIn(masked))}</span>}
      {special && <span>{words.special}</span>}
      <span class="does">
        <Button small onPress={change}>
          {words.change}
        </Button>
        <Button small kind="danger" onPress={() => form()?.requestSubmit()}>
          {again}
        </Button>
      </span>
    </span>
  );
}
