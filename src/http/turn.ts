import { setImmediate as nextImmediate } from 'node:timers/promises';

/** A turn of the event loop, from when somebody asked for it. */
export type Turn = { isOver: boolean; over: Promise<void> };

/**
 * Gives the turn of the event loop that is under way, the same to all who ask in it. Answers that are
 * sent when it is over go out one right after the other. To send each when it is made may wake its
 * receiver each time, which can take longer than to make it.
 */
export function createTurns(): () => Turn {
  let current: Turn | null = null;

  function begin(): Turn {
    const turn: Turn = {
      isOver: false,
      over: nextImmediate().then(() => {
        current = null;
        turn.isOver = true;
      }),
    };
    return turn;
  }

  return () => {
    current ??= begin();
    return current;
  };
}
