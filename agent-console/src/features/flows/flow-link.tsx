import { cx } from '../../lib/class-names';
import type { PlacedLink, Point } from './layout';

interface Props {
  link: PlacedLink;
  label: string | null;
  isMarked: boolean;
}

/** A line from step to step with its arrow; one that leads back is dashed. */
export function FlowLink({ link: { points, isBack }, label, isMarked }: Props) {
  const [from, to] = [points[0], points.at(-1)];
  if (!from || !to) return null;
  const middle = labelPoint(points);
  const shown = label && label.length > 16 ? `${label.slice(0, 15)}…` : label;
  const width = shown ? textWidth(shown) + 14 : 0;
  return (
    <g className={isMarked ? 'text-accent' : 'text-line-strong'}>
      <path
        d={isBack ? sideways(points) : downwards(points)}
        fill="none"
        stroke="currentColor"
        strokeWidth={isMarked ? 2.25 : 1.5}
        strokeDasharray={isBack ? '5 4' : undefined}
      />
      <path d={arrow(to)} fill="currentColor" />
      {shown && (
        <g transform={`translate(${middle.x} ${middle.y})`}>
          <rect
            x={-width / 2}
            y={-10}
            width={width}
            height={20}
            rx={6}
            className={cx('fill-panel', isMarked ? 'stroke-accent' : 'stroke-line')}
          />
          <text textAnchor="middle" dominantBaseline="central" className="fill-ink text-[11px]">
            {shown}
          </text>
        </g>
      )}
    </g>
  );
}

/** Near the end of the line: there those from one step are apart. */
function labelPoint(points: Point[]): Point {
  const [one, other] = [points.at(-2) ?? points[0], points.at(-1)];
  if (!one || !other) return { x: 0, y: 0 };
  return { x: one.x + (other.x - one.x) * 0.62, y: one.y + (other.y - one.y) * 0.56 };
}

/** Chinese characters are about twice as wide as Latin ones. */
const textWidth = (text: string): number =>
  [...text].reduce((sum, character) => sum + (character.charCodeAt(0) > 0x2e80 ? 11 : 6.2), 0);

function downwards(points: Point[]): string {
  return points
    .map((point, index) => {
      const before = points[index - 1];
      if (!before) return `M ${point.x} ${point.y}`;
      const middle = (before.y + point.y) / 2;
      return `C ${before.x} ${middle}, ${point.x} ${middle}, ${point.x} ${point.y}`;
    })
    .join(' ');
}

/** Straight from corner to corner, the corners rounded. */
function sideways(points: Point[]): string {
  const radius = 10;
  const towards = (from: Point, to: Point): Point => {
    const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
    const step = Math.min(radius, length / 2) / length;
    return { x: from.x + (to.x - from.x) * step, y: from.y + (to.y - from.y) * step };
  };
  return points
    .map((point, index) => {
      const [before, after] = [points[index - 1], points[index + 1]];
      if (!before) return `M ${point.x} ${point.y}`;
      if (!after) return `L ${point.x} ${point.y}`;
      const [enter, leave] = [towards(point, before), towards(point, after)];
      return `L ${enter.x} ${enter.y} Q ${point.x} ${point.y}, ${leave.x} ${leave.y}`;
    })
    .join(' ');
}

function arrow({ x, y }: Point): string {
  const [size, half] = [8, 4.5];
  return `M ${x} ${y} L ${x - half} ${y - size} L ${x + half} ${y - size} Z`;
}
