/** Labelled fields of the settings' forms. What does not fit is said by the browser, in our words where it has none. */
import type { ComponentChildren, InputHTMLAttributes, RefObject, TextareaHTMLAttributes } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import '../../ui/field.css';
import './form.css';

interface Shared {
  label: string;
  value: string;
  change: (value: string) => void;
  hint?: ComponentChildren;
  /** What is wrong with it, in plain words; null if nothing is. */
  check?: ((value: string) => string | null) | undefined;
  disabled?: boolean | undefined;
}

export function Line({ input, ...shared }: Shared & { input?: InputHTMLAttributes }) {
  const box = useRef<HTMLInputElement>(null);
  useChecked(box, shared);
  const id = useId();
  return (
    <Labelled id={id} {...shared}>
      <input
        {...input}
        ref={box}
        id={id}
        value={shared.value}
        disabled={shared.disabled}
        aria-describedby={shared.hint === undefined ? undefined : `${id}-hint`}
        onInput={(event) => shared.change(event.currentTarget.value)}
      />
    </Labelled>
  );
}

export function Area({ area, ...shared }: Shared & { area?: TextareaHTMLAttributes }) {
  const box = useRef<HTMLTextAreaElement>(null);
  useChecked(box, shared);
  const id = useId();
  return (
    <Labelled id={id} {...shared}>
      <textarea
        rows={3}
        {...area}
        ref={box}
        id={id}
        value={shared.value}
        disabled={shared.disabled}
        aria-describedby={shared.hint === undefined ? undefined : `${id}-hint`}
        onInput={(event) => shared.change(event.currentTarget.value)}
      />
    </Labelled>
  );
}

type Options = readonly (readonly [value: string, name: string])[];

interface ChoiceProps extends Shared {
  options: Options;
  /** What follows below headings. */
  groups?: readonly { name: string; options: Options }[];
}

export function Choice({ options, groups = [], ...shared }: ChoiceProps) {
  const id = useId();
  return (
    <Labelled id={id} {...shared}>
      <select
        id={id}
        value={shared.value}
        disabled={shared.disabled}
        required
        aria-describedby={shared.hint === undefined ? undefined : `${id}-hint`}
        onChange={(event) => shared.change(event.currentTarget.value)}
      >
        {options.map(optionOf)}
        {groups.map(({ name, options: members }) => (
          <optgroup key={name} label={name}>
            {members.map(optionOf)}
          </optgroup>
        ))}
      </select>
    </Labelled>
  );
}

function optionOf([value, name]: Options[number]) {
  return (
    <option key={value} value={value}>
      {name}
    </option>
  );
}

interface TickProps {
  label: ComponentChildren;
  checked: boolean;
  change: (checked: boolean) => void;
  disabled?: boolean | undefined;
}

export function Tick({ label, checked, change, disabled }: TickProps) {
  return (
    <label class="tick">
      <input
        type="checkbox"
        checked={checked}
        disabled={disabled}
        onChange={(event) => change(event.currentTarget.checked)}
      />
      <span>{label}</span>
    </label>
  );
}

function Labelled({
  id,
  label,
  hint,
  children,
}: Pick<Shared, 'label' | 'hint'> & { id: string; children: ComponentChildren }) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children}
      {hint !== undefined && (
        <p id={`${id}-hint`} class="soft">
          {hint}
        </p>
      )}
    </div>
  );
}

type Checkable = HTMLInputElement | HTMLTextAreaElement;

function useChecked(
  box: RefObject<Checkable | null>,
  { value, check }: Pick<Shared, 'value' | 'check'>,
): void {
  const problem = check?.(value) ?? '';
  useLayoutEffect(() => {
    box.current?.setCustomValidity(problem);
  }, [box, problem]);
}
