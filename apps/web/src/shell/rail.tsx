import type { JSX } from 'react';
import { SavedViews } from '../filter/saved-views.tsx';
import { DisplayForm } from '../settings/display-form.tsx';
import { Button } from '../ui/button.tsx';
import { Brand } from './brand.tsx';
import { ConnectionLight } from './connection-light.tsx';

interface RailProps {
  onWall: () => void;
  onHelp: () => void;
}

/** Who this is, the views, and how it looks: beside the posts where there is room. */
export function Rail({ onWall, onHelp }: RailProps): JSX.Element {
  return (
    <div className="flex min-h-full flex-col gap-7 px-2 py-6">
      <div className="grid justify-items-start gap-4 px-3.5">
        <Brand />
        <ConnectionLight />
      </div>
      <SavedViews />
      <div className="mt-auto grid gap-5">
        <details className="group">
          <summary className="flex min-h-10 list-none items-center rounded-xl px-3.5 font-semibold text-muted hover:bg-raised hover:text-ink">
            Display
          </summary>
          <div className="px-2 pt-2">
            <DisplayForm />
          </div>
        </details>
        <div className="flex gap-1 px-1.5">
          <Button look="quiet" icon="screen" onClick={onWall}>
            Wall
          </Button>
          <Button look="quiet" icon="keyboard" onClick={onHelp}>
            Keys
          </Button>
        </div>
      </div>
    </div>
  );
}
