/** A button; `kind` is its weight among its neighbours. */
import type { ComponentChildren } from 'preact';
import './controls.css';

interface Props {
  children: ComponentChildren;
  onPress?: (() => void) | undefined;
  kind?: 'first' | 'plain' | 'quiet' | 'danger';
  small?: boolean;
  icon?: boolean;
  label?: string | undefined;
  pressed?: boolean | undefined;
  disabled?: boolean;
  /** Under way. It stays focusable: a button that is switched off drops the focus. */
  busy?: boolean;
  submit?: boolean;
}

export function Button({
  children,
  onPress,
  kind = 'plain',
  small,
  icon,
  label,
  pressed,
  disabled,
  busy,
  submit,
}: Props) {
  const classes = ['button', kind, small === true && 'small', icon === true && 'icon']
    .filter(Boolean)
    .join(' ');
  return (
    <button
      class={classes}
      type={submit === true ? 'submit' : 'button'}
      aria-label={label}
      aria-pressed={pressed}
      aria-busy={busy === true ? true : undefined}
      disabled={disabled === true}
      onClick={onPress}
    >
      {children}
    </button>
  );
}
