/**
 * What is typed into a form, for as long as its form is there and through a lock: then the page holds nothing of it and
 * this tab's memory does, until the same person is back; for anybody else the page starts anew (docs/RULES.md, S18).
 * Passwords, codes and keys are never kept here.
 */
import { type Signal, signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';

const kept = new Map<string, Signal<unknown>>();
let isLocked = () => false;

export function keepWhileLocked(locked: () => boolean): void {
  isLocked = locked;
}

/** @param name the form's own, with whose it is */
export function useKept<Value>(name: string, first: Value): Signal<Value> {
  const value = useMemo(() => (kept.get(name) ?? signal(first)) as Signal<Value>, [name]);
  useEffect(() => {
    kept.set(name, value);
    return () => {
      if (!isLocked()) kept.delete(name);
    };
  }, [name, value]);
  return value;
}
