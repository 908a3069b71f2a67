/** What @preact/signals does for every component, for those alone that ask for it: the widget has few. */
import { effect } from '@preact/signals-core';
import { Component, type ComponentChild, type ComponentClass } from 'preact';

/**
 * A component that is rendered again whenever a signal changes that it has read.
 * @param meanwhile begins what goes on for as long as it is shown, and answers with what ends that
 */
export function live<Props extends object>(
  view: (props: Props) => ComponentChild,
  meanwhile?: (props: Props) => (() => void) | undefined,
): ComponentClass<Props> {
  return class extends Component<Props> {
    #stop = () => {};
    #end: (() => void) | undefined;

    override componentDidMount(): void {
      this.#end = meanwhile?.(this.props);
    }

    override render(props: Props): ComponentChild {
      this.#stop();
      let shown: ComponentChild;
      let rendered = false;
      // It runs at once, and then once more: that is the change, and the next rendering watches anew.
      this.#stop = effect(() => {
        if (rendered) this.forceUpdate();
        else shown = view(props);
        rendered = true;
      });
      return shown;
    }

    override componentWillUnmount(): void {
      this.#stop();
      this.#end?.();
    }
  };
}
