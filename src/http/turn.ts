/** A turn of the event loop, from when somebody asked for it. */
export type Turn = { isOver: boolean; over: Promise<void> };

export type Turns = {
  /** The turn that is under way, the same to all who ask in it; over already if `end` was called. */
  current(): Turn;
  /**
   * Takes the turn for over now, also for who asks in what is left of it: while there is very much to
   * take in, it may go on for most of a second.
   */
  end(): void;
};

/**
 * Answers that are sent when a turn is over go out one right after the other. To send each when it is
 * made may wake its receiver each time, which can take longer than to make it.
 */
export function createTurns(): Turns {
  let current: { turn: Turn; end(): void } | null = null;

  function begin() {
    let resolve = () => {};
    const over = new Promise<void>((done) => {
      resolve = done;
    });
    const turn = { isOver: false, over };
    const end = () => {
      turn.isOver = true;
      resolve();
    };
    setImmediate(() => {
      current = null;
      end();
    });
    return { turn, end };
  }

  function underWay() {
    current ??= begin();
    return current;
  }

  return {
    current: () => underWay().turn,
    end: () => underWay().end(),
  };
}
