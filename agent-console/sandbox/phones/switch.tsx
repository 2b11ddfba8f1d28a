import { Button } from '../ui/button';

interface Props {
  label: string;
  help: string;
  isOn: boolean;
  onFlip: () => void;
}

/** A fault that is on or off, or armed for the next time. */
export function Switch({ label, help, isOn, onFlip }: Props) {
  return (
    <Button size="small" look={isOn ? 'on' : 'plain'} aria-pressed={isOn} title={help} onClick={onFlip}>
      {label}
    </Button>
  );
}
