/** Offers canned replies while a slash and a word stand before the caret, and puts the chosen one in its place. */
import { type Signal, useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { CannedReply } from '../../../protocol/bodies.ts';
import type { Kind } from '../../connection.ts';
import { words } from '../conversation/words.ts';
import { useCombobox } from '../menu/combobox.ts';
import { type Known, filled } from './placeholders.ts';
import './canned.css';
import { type Asked, askedAt, matching } from './search.ts';

interface Wanted {
  box: RefObject<HTMLTextAreaElement | null>;
  /** Each has a box of its own. */
  kind: Kind;
  replies: readonly CannedReply[];
  team: string | null;
  known: Known;
}

export interface Canned {
  list: RefObject<HTMLUListElement | null>;
  offers: readonly CannedReply[];
  asked: Signal<Asked | null>;
  missing: Signal<readonly string[]>;
  choose: (id: string) => void;
  /** Writes the slash for whoever does not type it. */
  ask: () => void;
  sent: () => void;
  /** True: the key belongs to the list. */
  pressed: (event: KeyboardEvent) => boolean;
}

export function useCanned({ box, kind, replies, team, known }: Wanted): Canned {
  const list = useRef<HTMLUListElement>(null);
  const asked = useSignal<Asked | null>(null);
  const missing = useSignal<readonly string[]>([]);
  const query = asked.value?.query ?? null;
  const offers = useMemo(
    () => (query === null ? [] : matching(replies, team, query)),
    [replies, team, query],
  );
  const isOpen = asked.value !== null && offers.length > 0;
  useFollowed(box, kind, asked);
  useCombobox({ box, list, open: isOpen, options: offers });

  const write = (text: string, start: number, end: number) => {
    const { current } = box;
    if (current === null) return;
    current.focus();
    current.setRangeText(text, start, end, 'end');
    current.dispatchEvent(new InputEvent('input', { bubbles: true }));
  };
  return {
    list,
    offers,
    asked,
    missing,
    choose: (id) => {
      const reply = offers.find((each) => each.id === id);
      const place = asked.value;
      if (reply === undefined || place === null) return;
      asked.value = null;
      const { text, missing: unknown } = filled(reply.text, known, words.neutral);
      write(text, place.start, place.end);
      missing.value = unknown;
    },
    ask: () => {
      const { current } = box;
      if (current === null) return;
      const before = current.value.slice(0, current.selectionStart);
      write(before === '' || /\s$/.test(before) ? '/' : ' /', current.selectionStart, current.selectionEnd);
    },
    sent: () => {
      missing.value = [];
      asked.value = null;
    },
    pressed: (event) => {
      if (asked.value === null) return false;
      if (event.key === 'Escape') {
        // It closes the list, and does not lead out of the box.
        event.preventDefault();
        asked.value = null;
        return true;
      }
      return isOpen && ['Enter', 'Tab', 'ArrowUp', 'ArrowDown'].includes(event.key);
    },
  };
}

/**
 * What stands before the caret, whichever way it got there. It listens to one box as long as that is there: what is
 * drawn in the middle of an event would take a new listener past it.
 */
function useFollowed(
  box: RefObject<HTMLTextAreaElement | null>,
  kind: Kind,
  asked: Signal<Asked | null>,
): void {
  useLayoutEffect(() => {
    const { current } = box;
    if (current === null) return undefined;
    const ended = new AbortController();
    const look = () => {
      const { value, selectionStart, selectionEnd } = current;
      asked.value = selectionStart === selectionEnd ? askedAt(value, selectionStart) : null;
    };
    const moved = ({ key }: KeyboardEvent) => {
      if (['ArrowLeft', 'ArrowRight', 'Home', 'End'].includes(key)) look();
    };
    const { signal } = ended;
    current.addEventListener('input', look, { signal });
    current.addEventListener('click', look, { signal });
    current.addEventListener('keyup', moved, { signal });
    current.addEventListener(
      'blur',
      () => {
        asked.value = null;
      },
      { signal },
    );
    return () => ended.abort();
  }, [box, kind, asked]);
}

export function CannedReplies({ list, offers, asked, missing, choose }: Canned) {
  const isOpen = asked.value !== null;
  return (
    <>
      {isOpen && (
        <div class="canned">
          {offers.length === 0 && <p class="soft">{words.cannedNone}</p>}
          <ul
            ref={list}
            id="canned-replies"
            role="listbox"
            aria-label={words.cannedList}
            hidden={offers.length === 0}
            // The box keeps the focus, and with it the caret.
            onMouseDown={(event) => event.preventDefault()}
            onClick={(event) => {
              const option = event.target instanceof Element ? event.target.closest('[role="option"]') : null;
              if (option instanceof HTMLElement) choose(option.dataset['reply'] ?? '');
            }}
          >
            {offers.map(({ id, shortcut, text }) => (
              <li key={id} id={`canned-${id}`} role="option" data-reply={id}>
                <span class="shortcut">/{shortcut}</span>
                <span class="soft" dir="auto">
                  {text}
                </span>
              </li>
            ))}
          </ul>
        </div>
      )}
      {missing.value.length > 0 && (
        <p class="missing" role="status">
          {words.missing(
            missing.value.map((name) => words.placeholderNames[name] ?? `{{${name}}}`).join(', '),
          )}
        </p>
      )}
    </>
  );
}
