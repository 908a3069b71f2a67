/** A file in a thread: what it is, how it stands with it, and what can be done with it. It is opened by whoever wishes it. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { FileView } from '../../../protocol/frames.ts';
import { Button } from '../button.tsx';
import { Problem } from '../problem.tsx';
import { type As, save } from './open.ts';
import { nameOf, sizeOf, standing, whyNot } from './saying.ts';
import { words } from './words.ts';

interface Props {
  file: FileView;
  /**
   * Answers where it can be loaded; null if they would not after all, and what says why is shown elsewhere. No function
   * for whoever may not open it.
   */
  open: ((as: As) => Promise<string | null>) | null;
  /** Why it is covered, where it is. */
  cover?: readonly string[];
  /** What else can be done with it. */
  children?: ComponentChildren;
}

export function File({ file, open, cover = [], children }: Props) {
  const [address, setAddress] = useState<string | null>(null);
  const [busy, setBusy] = useState<As | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const stage = useRef<HTMLDivElement>(null);
  // The button that had the focus has gone.
  useEffect(() => {
    if (address !== null) stage.current?.focus({ preventScroll: true });
  }, [address]);
  const { about } = file;
  const name = nameOf(file);
  const isOpen = open !== null && about !== null && (file.state === 'clean' || file.state === 'released');
  const isShown = isOpen && address !== null;
  const opened = async (as: As) => {
    if (busy !== null || open === null) return;
    setBusy(as);
    setProblem(null);
    try {
      const found = await open(as);
      if (found !== null && as === 'save') await save(found, name);
      else if (found !== null) setAddress(found);
    } catch (error) {
      setProblem(whyNot(error));
    }
    setBusy(null);
  };
  const lost = () => {
    setAddress(null);
    setProblem(words.failed);
  };
  const action = (as: As, label: string) => (
    <Button
      small
      label={words.of(label, name)}
      busy={busy === as}
      onPress={() => {
        void opened(as);
      }}
    >
      {label}
    </Button>
  );
  // Its place is kept while it is scanned.
  const hasStage = about?.shown === true && (isOpen || file.state === 'waiting');
  const stageKind = hasStage ? stages[about.group] : undefined;
  return (
    <div class="file">
      {stageKind !== undefined && (
        <div ref={stage} class={`stage ${stageKind}`} style={proportions(file)} tabIndex={-1}>
          {isShown ? (
            <Shown kind={stageKind} address={address} name={name} lost={lost} />
          ) : (
            <div class="cover">
              {cover.map((line) => (
                <p key={line}>{line}</p>
              ))}
              {isOpen && action('show', stageKind === 'image' ? words.show : words.play)}
            </div>
          )}
        </div>
      )}
      <p class="name">
        <bdi>{name}</bdi>
      </p>
      <p class="soft">
        {about !== null && `${words.kind[about.group]} · ${sizeOf(file.bytes)}`}
        {standing(file).map((line) => (
          <span key={line}>{line}</span>
        ))}
      </p>
      {stageKind === undefined && isOpen && cover.length > 0 && <p class="soft">{cover.join(' ')}</p>}
      {(isOpen || children) && (
        <div class="does">
          {isOpen && action('save', words.save)}
          {children}
        </div>
      )}
      <Problem text={problem} />
    </div>
  );
}

/** What a page shows by itself. The others are saved. */
const stages: Partial<Record<NonNullable<FileView['about']>['group'], 'image' | 'audio' | 'video'>> = {
  image: 'image',
  audio: 'audio',
  video: 'video',
};

interface ShownProps {
  kind: 'image' | 'audio' | 'video';
  address: string;
  name: string;
  /** It can't be loaded, or not any more. */
  lost: () => void;
}

function Shown({ kind, address, name, lost }: ShownProps) {
  if (kind === 'image') return <img src={address} alt={name} onError={lost} />;
  if (kind === 'audio') return <audio src={address} aria-label={name} controls autoPlay onError={lost} />;
  return <video src={address} aria-label={name} controls autoPlay playsInline onError={lost} />;
}

/** A picture's place is as large as the picture from the beginning, so that nothing moves when it comes. */
function proportions({ about }: FileView): Record<string, string> {
  return { '--width': String(about?.width ?? 16), '--height': String(about?.height ?? 9) };
}
