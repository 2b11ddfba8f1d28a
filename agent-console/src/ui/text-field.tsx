import type { InputHTMLAttributes } from 'react';
import { Field, Input } from './field';

interface Props extends Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange'> {
  label: string;
  hint?: string;
  error?: string | null;
  onChange: (value: string) => void;
}

/** A line of text with its label, and what is wrong with it. */
export function TextField({ label, hint, error, onChange, ...input }: Props) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(wiring) => <Input {...input} {...wiring} onChange={(event) => onChange(event.target.value)} />}
    </Field>
  );
}
