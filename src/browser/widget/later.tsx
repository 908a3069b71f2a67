/** Shows a part of the widget that is fetched when it is first needed. */
import type { ComponentClass, ComponentType } from 'preact';
import { Button } from '../ui/button.tsx';
import { words } from '../ui/words.ts';
import { live } from './live.ts';
import type { Part } from './parts.ts';

/** @param name what the module calls it */
export function later<Name extends string, Props extends object>(
  { is, failed, fetch }: Part<Record<Name, ComponentType<Props>>>,
  name: Name,
): ComponentClass<Props> {
  return live(
    (props: Props) => {
      if (is.value !== null) {
        const View: ComponentType<Props> = is.value[name];
        return <View {...props} />;
      }
      return (
        failed.value !== '' && (
          <p role="alert" class="problem">
            {failed.value}{' '}
            <Button small onPress={() => void fetch()}>
              {words.retry}
            </Button>
          </p>
        )
      );
    },
    () => void fetch(),
  );
}
