/** A turn of the event loop, from when somebody asked for it. */
export type Turn = { isOver: boolean; over: Promise<void> };

export type Turns = {
  /** The turn that is under way, the same to all who ask in it. */
  current(): Turn;
  /** Takes the turn for over now: while there is very much to take in, it may go on for long. */
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
    const begun = {
      turn,
      end() {
        if (current === begun) current = null;
        turn.isOver = true;
        resolve();
      },
    };
    setImmediate(begun.end);
    return begun;
  }

  return {
    current() {
      current ??= begin();
      return current.turn;
    },
    end: () => current?.end(),
  };
}
