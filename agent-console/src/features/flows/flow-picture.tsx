import { Maximize2, ZoomIn, ZoomOut } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { FlowView } from '../../../../src/contract/knowledge';
import { usePreferences } from '../../lib/preferences';
import { IconButton } from '../../ui/icon-button';
import { FlowLink } from './flow-link';
import { FlowNode } from './flow-node';
import { inLanguage } from './in-language';
import { layOut, nodeWidth } from './layout';
import { useLinkWords } from './link-words';
import { useWords } from './words';

const margin = 32;
const [leastScale, mostScale] = [0.5, 1.5];
/** Smaller than this nobody can read it: a phone scrolls instead. */
const leastFit = 0.7;

interface Props {
  flow: FlowView;
  selected: string | null;
  onSelect: (id: string) => void;
}

/** Steps are buttons in reading order, so that the picture is also for the keyboard; the lines are told in the details. */
export function FlowPicture({ flow, selected, onSelect }: Props) {
  const t = useWords();
  const language = usePreferences((preferences) => preferences.language);
  const links = useLinks(flow);
  const picture = useMemo(
    () => layOut({ start: flow.start, nodes: flow.steps.map(({ id }) => id), links }),
    [flow, links],
  );
  const frame = useRef<HTMLDivElement>(null);
  const startCentre = margin + (picture.nodes.get(flow.start)?.x ?? 0) + nodeWidth / 2;
  const [scale, zoom, fit] = useScale(frame, picture.width + 2 * margin, startCentre);
  const inOrder = [...flow.steps].sort((one, other) => {
    const [a, b] = [picture.nodes.get(one.id), picture.nodes.get(other.id)];
    return (a?.y ?? 0) - (b?.y ?? 0) || (a?.x ?? 0) - (b?.x ?? 0);
  });
  return (
    <div className="relative min-h-72 min-w-0 flex-1">
      <div
        ref={frame}
        className="absolute inset-0 overflow-auto bg-[radial-gradient(var(--line)_1px,transparent_1px)] bg-size-[20px_20px]"
      >
        <div
          role="group"
          aria-label={t('picture', { title: inLanguage(flow.titles, language) ?? flow.title })}
          className="relative mx-auto"
          style={{
            width: (picture.width + 2 * margin) * scale,
            height: (picture.height + 2 * margin) * scale,
          }}
        >
          <div
            className="absolute top-0 left-0 origin-top-left"
            style={{ transform: `scale(${scale}) translate(${margin}px, ${margin}px)` }}
          >
            <svg
              aria-hidden
              width={picture.width}
              height={picture.height}
              className="absolute top-0 left-0 overflow-visible"
            >
              {picture.links.map((link, index) => (
                <FlowLink
                  key={index}
                  link={link}
                  isMarked={selected === link.from || selected === link.to}
                  label={links.find(({ from, to }) => from === link.from && to === link.to)?.label ?? null}
                />
              ))}
            </svg>
            {inOrder.map((step) => (
              <FlowNode
                key={step.id}
                step={step}
                at={picture.nodes.get(step.id) ?? { x: 0, y: 0 }}
                isStart={step.id === flow.start}
                isSelected={step.id === selected}
                onSelect={onSelect}
              />
            ))}
          </div>
        </div>
      </div>
      <div className="absolute right-4 bottom-4 flex rounded-xl border border-line bg-panel p-0.5 shadow-float">
        <IconButton
          label={t('zoomOut')}
          icon={<ZoomOut className="size-4" aria-hidden />}
          onClick={() => zoom(1 / 1.2)}
        />
        <IconButton label={t('fit')} icon={<Maximize2 className="size-4" aria-hidden />} onClick={fit} />
        <IconButton
          label={t('zoomIn')}
          icon={<ZoomIn className="size-4" aria-hidden />}
          onClick={() => zoom(1.2)}
        />
      </div>
    </div>
  );
}

/** Several ways from one step to another are one line that names them all. */
function useLinks(flow: FlowView) {
  const wordsOf = useLinkWords();
  const language = usePreferences((preferences) => preferences.language);
  return useMemo(() => {
    const links = new Map<string, { from: string; to: string; labels: string[] }>();
    for (const { id: from, next } of flow.steps)
      for (const one of next) {
        const key = `${from}\u0000${one.to}`;
        const words = wordsOf(one);
        const labels = [...(links.get(key)?.labels ?? []), ...(words ? [words] : [])];
        links.set(key, { from, to: one.to, labels });
      }
    return [...links.values()].map(({ from, to, labels }) => ({ from, to, label: shortly(labels) }));
    // The words follow the language.
  }, [flow, language]);
}

function shortly(labels: string[]): string | null {
  if (labels.length === 0) return null;
  const [first = ''] = labels;
  return labels.length > 2 ? `${first} +${labels.length - 1}` : labels.join(' / ');
}

function useScale(frame: { current: HTMLElement | null }, width: number, startCentre: number) {
  const [scale, setScale] = useState(1);
  const within = (next: number) => Math.min(mostScale, Math.max(leastScale, next));
  const fit = () => {
    const room = frame.current?.clientWidth ?? width;
    const next = Math.max(leastFit, Math.min(1, room / width));
    setScale(next);
    // Once it is drawn: where it does not fit, the start is what to see first.
    requestAnimationFrame(() => frame.current?.scrollTo({ left: startCentre * next - room / 2 }));
  };
  useEffect(fit, [width]);
  return [scale, (by: number) => setScale((now) => within(now * by)), fit] as const;
}
