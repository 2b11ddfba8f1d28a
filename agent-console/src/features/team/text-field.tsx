import type { InputHTMLAttributes } from 'react';
import { Field, Input } from '../../ui/field';

interface Props extends Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange'> {
  label: string;
  hint?: string;
  error?: string | null;
  onChange: (value: string) => void;
}

export function TextField({ label, hint, error, onChange, ...input }: Props) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(wiring) => <Input {...input} {...wiring} onChange={(event) => onChange(event.target.value)} />}
    </Field>
  );
}
