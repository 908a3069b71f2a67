/** When somebody is there: always, or on each day of the week from when to when, in one time zone. */
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { Button } from '../../../ui/button.tsx';
import { Line } from '../../form/field.tsx';
import { words } from '../words.ts';
import { type Draft, hoursToBeginWith } from './draft.ts';
import type { PartProps } from './part-props.ts';
import { problemOf, type Span, type Week } from './hours.ts';

const mostSpans = 6;

export function OpeningHours({ draft: { hours }, change }: PartProps) {
  const name = useId();
  const way = (label: string, checked: boolean, value: Draft['hours']) => (
    <label class="tick">
      <input type="radio" name={name} checked={checked} onChange={() => change({ hours: value })} />
      <span>{label}</span>
    </label>
  );
  return (
    <fieldset class="group">
      <legend>{words.sites.hours}</legend>
      <div>
        {way(words.sites.always, hours === null, null)}
        {way(words.sites.byHours, hours !== null, hours ?? hoursToBeginWith())}
      </div>
      {hours !== null && <Hours hours={hours} change={(changed) => change({ hours: changed })} />}
    </fieldset>
  );
}

interface HoursProps {
  hours: NonNullable<Draft['hours']>;
  change: (hours: NonNullable<Draft['hours']>) => void;
}

function Hours({ hours: { timeZone, week }, change }: HoursProps) {
  const list = useId();
  const setWeek = (changed: Week) => change({ timeZone, week: changed });
  return (
    <>
      <Line
        label={words.sites.timeZone}
        hint={words.sites.timeZoneHint}
        value={timeZone}
        change={(value) => change({ timeZone: value.trim(), week })}
        check={(value) => (isTimeZone(value) ? null : words.sites.timeZoneWrong)}
        input={{ required: true, list, autocomplete: 'off', spellcheck: false }}
      />
      <datalist id={list}>
        {Intl.supportedValuesOf('timeZone').map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
      <div class="week">
        {words.sites.days.map((day, index) => (
          <Day
            key={day}
            name={day}
            spans={week[index] ?? []}
            change={(spans) => setWeek(week.map((each, at) => (at === index ? spans : each)))}
          />
        ))}
      </div>
      <div>
        <Button small onPress={() => setWeek(week.map((day, at) => (at < 5 ? (week[0] ?? day) : day)))}>
          {words.sites.copyDown}
        </Button>
      </div>
    </>
  );
}

interface DayProps {
  name: string;
  spans: readonly Span[];
  change: (spans: readonly Span[]) => void;
}

function Day({ name, spans, change }: DayProps) {
  const problem = problemOf(spans);
  const set = (index: number, patch: Partial<Span>) =>
    change(spans.map((span, at) => (at === index ? { ...span, ...patch } : span)));
  const last = spans.at(-1);
  return (
    <div class="day" role="group" aria-label={name}>
      <span class="day-name">{name}</span>
      <div class="spans">
        {spans.length === 0 && <span class="soft">{words.sites.closed}</span>}
        {spans.map((span, index) => (
          <div key={index} class="span">
            <TimeField
              label={words.sites.from(name)}
              value={span.from}
              problem={index === 0 ? problem : null}
              change={(from) => set(index, { from })}
            />
            <span aria-hidden="true">{words.sites.until}</span>
            <TimeField
              label={words.sites.to(name)}
              value={span.to}
              problem={null}
              change={(to) => set(index, { to })}
            />
            <Button
              small
              icon
              kind="quiet"
              label={words.sites.removeSpan(name, span.from)}
              onPress={() => change(spans.filter((each) => each !== span))}
            >
              <span aria-hidden="true">✕</span>
            </Button>
          </div>
        ))}
      </div>
      {spans.length < mostSpans && (
        <Button
          small
          kind="quiet"
          label={words.sites.addSpan(name)}
          onPress={() =>
            change([...spans, { from: last?.to ?? '09:00', to: last === undefined ? '17:00' : '' }])
          }
        >
          {words.sites.addSpanShort}
        </Button>
      )}
    </div>
  );
}

interface TimeProps {
  label: string;
  value: string;
  problem: ReturnType<typeof problemOf>;
  change: (time: string) => void;
}

function TimeField({ label, value, problem, change }: TimeProps) {
  const box = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    box.current?.setCustomValidity(problem === null ? '' : words.sites.spanProblems[problem]);
  }, [problem]);
  return (
    <input
      ref={box}
      type="time"
      required
      aria-label={label}
      value={value}
      onChange={(event) => change(event.currentTarget.value)}
    />
  );
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
