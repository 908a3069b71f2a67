/** The widget's few drawings. Whoever uses one gives it its name. */
export function Icon({ path, weight = 2 }: { path: string; weight?: number }) {
  return (
    <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path d={path} fill="none" stroke="currentColor" stroke-width={weight} stroke-linecap="round" />
    </svg>
  );
}

export const Cross = () => <Icon path="M3 3l10 10M13 3L3 13" />;
export const Clip = () => (
  <Icon path="M13 7l-6 6a3 3 0 0 1-4-4l6-6a2 2 0 0 1 3 3l-6 6a1 1 0 0 1-1-1l5-5" weight={1.5} />
);
/** A line of no length, with round ends, is a dot. */
export const Dots = () => <Icon path="M8 2.5h0M8 8h0M8 13.5h0" weight={2.75} />;
