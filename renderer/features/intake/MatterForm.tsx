// The form of one matter, made from the licence type's own data-item standard: what the standard does not name cannot be typed.
import { Input, Select } from 'antd';
import { useId } from 'react';
import type { DataItem, LicenceType } from '../../../electron/contract/catalogue.ts';
import type { Normalisation, RowFault } from '../../../electron/contract/intake.ts';
import { describeCode, type Labels } from '../../station/describe-error.ts';
import { useWords } from '../../station/language.tsx';
import { useKinds } from '../../ui/use-kinds.ts';

interface MatterFormProps {
  readonly type: LicenceType;
  readonly values: Readonly<Record<string, string>>;
  readonly onChange: (values: Readonly<Record<string, string>>) => void;
  readonly faults: readonly RowFault[];
  readonly changes: readonly Normalisation[];
  /** The matter's own number and day are part of it, except where they are settled. */
  readonly withMatter?: boolean;
}

type Field = Pick<DataItem, 'key' | 'kind' | 'maxLength' | 'required' | 'choices' | 'unit'> & { readonly label: string };

export function MatterForm({ type, values, onChange, faults, changes, withMatter = true }: MatterFormProps) {
  const { name } = useWords();
  const { number, conclusionDay } = type.matter;
  const matter: readonly Field[] = [
    { key: 'matterNumber', label: name(number.name, number.nameEn), kind: 'text', maxLength: 60, required: true },
    { key: 'conclusionDay', label: name(conclusionDay.name, conclusionDay.nameEn), kind: 'date', maxLength: 10, required: true },
  ];
  const items: readonly Field[] = type.items.map((item) => ({ ...item, label: name(item.name, item.nameEn) }));
  const fields = withMatter ? [...matter, ...items] : items;
  const labels: Labels = (key) => [...matter, ...items].find((field) => field.key === key)?.label;
  return (
    <div className="form-grid">
      {fields.map((field) => (
        <FormField
          key={field.key}
          field={field}
          value={values[field.key] ?? ''}
          onValue={(value) => onChange({ ...values, [field.key]: value })}
          fault={faults.find((candidate) => candidate.field === field.key)}
          change={changes.find((candidate) => candidate.field === field.key)}
          labels={labels}
        />
      ))}
    </div>
  );
}

interface FormFieldProps {
  readonly field: Field;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly fault: RowFault | undefined;
  readonly change: Normalisation | undefined;
  readonly labels: Labels;
}

function FormField({ field, value, onValue, fault, change, labels }: FormFieldProps) {
  const words = useWords();
  const { t } = words;
  const kindsOf = useKinds();
  const id = useId();
  const status = fault === undefined ? '' : 'error';
  const described = {
    id,
    'aria-describedby': `${id}-says`,
    'aria-invalid': fault !== undefined,
    'data-testid': `field-${field.key}`,
  } as const;
  return (
    <div className={`field ${field.maxLength > 100 ? 'wide' : ''}`}>
      <label htmlFor={id}>
        {field.label}
        {field.unit !== undefined && ` (${field.unit})`}
        {field.required && (
          <span className="required" title={t('form.required')}>
            {' *'}
          </span>
        )}
      </label>
      {field.choices !== undefined ? (
        <Select
          {...described}
          style={{ width: '100%' }}
          status={status}
          value={value === '' ? null : value}
          options={field.choices.map((choice) => ({ value: choice, label: choice }))}
          onChange={(choice) => onValue(choice ?? '')}
        />
      ) : (
        <Input
          {...described}
          status={status}
          value={value}
          placeholder={field.kind === 'date' ? t('form.day') : ''}
          inputMode={field.kind === 'integer' || field.kind === 'decimal' ? 'decimal' : 'text'}
          onChange={(event) => onValue(event.target.value)}
        />
      )}
      <div id={`${id}-says`} aria-live="polite">
        {fault !== undefined && (
          <div className="fault" data-testid={`fault-${field.key}`}>
            {describeCode(fault.code, fault.details, words, labels).title}
            {fault.suggestion !== undefined && (
              <button type="button" className="link" onClick={() => onValue(fault.suggestion ?? value)}>
                {t('form.use', { value: fault.suggestion })}
              </button>
            )}
          </div>
        )}
        {change !== undefined && (
          <span className="was">
            {kindsOf(change.kinds)} · {t('licence.was')} {change.from}
          </span>
        )}
      </div>
    </div>
  );
}
