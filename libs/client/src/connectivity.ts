/** What the device knows of its network. In React Native: from NetInfo. */
export interface Connectivity {
  isOnline(): boolean;
  /** Calls `listener` when that may have changed, until the returned function is called. */
  onChange(listener: () => void): () => void;
}

/** What a browser has and others may not. */
interface Scope {
  console: unknown;
  navigator?: unknown;
  addEventListener?: (event: string, listener: () => void) => void;
  removeEventListener?: (event: string, listener: () => void) => void;
}

const EVENTS = ['online', 'offline'];

/** A browser's own; elsewhere always online. */
export function browserConnectivity(scope: Scope = globalThis): Connectivity {
  return {
    isOnline: () => {
      const navigator = scope.navigator as { onLine?: boolean } | undefined;
      return navigator?.onLine !== false;
    },
    onChange: (listener) => {
      for (const event of EVENTS) scope.addEventListener?.(event, listener);
      return () => {
        for (const event of EVENTS) scope.removeEventListener?.(event, listener);
      };
    },
  };
}
