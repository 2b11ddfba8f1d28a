import { useNow } from '../../lib/now';
import { clockTime } from '../../lib/time';

export function WallClock() {
  const now = new Date(useNow()).toISOString();
  return (
    <time dateTime={now} className="text-xl font-medium">
      {clockTime(now)}
    </time>
  );
}
