import { Field, Input, Select, Textarea } from '../../ui/field';
import type { Setting } from './settings-schema';
import { useWords } from './words';

interface Props {
  settings: Setting[];
  filled: Record<string, string>;
  onChange: (change: Record<string, string>) => void;
}

/** A form made from what the channel's definition asks for. */
export function SettingFields({ settings, filled, onChange }: Props) {
  const t = useWords();
  return settings.map((setting) => {
    const { name, kind, label, required, preset, pattern, choices } = setting;
    const value = filled[name] ?? '';
    const change = (event: { target: { value: string } }) => onChange({ [name]: event.target.value });
    return (
      <Field
        key={name}
        label={required ? label : t('optional', { label })}
        hint={kind === 'list' ? t('onePerLine') : preset ? t('defaultIs', { value: preset }) : undefined}
      >
        {(wiring) => {
          const common = { ...wiring, required, value, onChange: change };
          if (kind === 'list') return <Textarea {...common} />;
          if (kind === 'choice')
            return (
              <Select {...common}>
                <option value="" />
                {choices.map((choice) => (
                  <option key={choice} value={choice}>
                    {choice}
                  </option>
                ))}
              </Select>
            );
          const type = kind === 'secret' ? 'password' : kind === 'url' ? 'url' : 'text';
          return <Input {...common} type={type} pattern={pattern} autoComplete="off" />;
        }}
      </Field>
    );
  });
}
