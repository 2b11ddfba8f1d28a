interface Props {
  label: string;
  isSelected: boolean;
  onSelect: () => void;
}

export function Tab({ label, isSelected, onSelect }: Props) {
  return (
    <button
      type="button"
      role="tab"
      aria-selected={isSelected}
      onClick={onSelect}
      title={label}
      className="min-w-0 flex-1 truncate rounded-lg px-2 py-1 text-xs text-muted aria-selected:bg-selected aria-selected:font-semibold aria-selected:text-ink aria-selected:shadow-sm"
    >
      {label}
    </button>
  );
}
