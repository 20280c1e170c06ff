import type { ButtonHTMLAttributes, JSX } from 'react';
import { Icon, type IconName } from './icon.tsx';

const LOOKS = {
  quiet:
    'text-muted hover:bg-raised hover:text-ink aria-pressed:bg-accent-soft aria-pressed:text-accent aria-expanded:bg-accent-soft aria-expanded:text-accent',
  plain: 'border border-line bg-surface hover:border-strong',
  strong: 'bg-accent text-accent-ink hover:brightness-110',
};

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  children: string;
  look?: keyof typeof LOOKS;
  icon?: IconName;
  /** The words are only spoken. */
  isIconOnly?: boolean;
}

export function Button({
  look = 'plain',
  icon,
  isIconOnly = false,
  children,
  className = '',
  ...rest
}: ButtonProps): JSX.Element {
  const size = isIconOnly ? 'size-10 justify-center' : 'min-h-10 px-3.5';
  return (
    <button
      type="button"
      className={`inline-flex items-center gap-2 rounded-xl font-semibold transition-colors ${size} ${LOOKS[look]} ${className}`}
      {...(isIconOnly && { title: children })}
      {...rest}
    >
      {icon && <Icon name={icon} />}
      {isIconOnly ? <span className="sr-only">{children}</span> : children}
    </button>
  );
}
