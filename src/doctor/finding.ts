export type Outcome = 'ok' | 'warning' | 'problem';

/** What a check found. */
export type Finding = {
  /** What was looked at. */
  check: string;
  outcome: Outcome;
  /** In sentences: what is there, and what to do about it unless all is well. */
  message: string;
  /** What to run, where that is one command; the message leads up to it. */
  command: string | null;
};

export const ok = (check: string, message: string): Finding => finding('ok', check, message);

/** The service works, but not as well or as safely as it could. */
export const warning = (check: string, message: string, command?: string): Finding =>
  finding('warning', check, message, command);

/** The service does not work, or soon will not. */
export const problem = (check: string, message: string): Finding =>
  finding('problem', check, message);

function finding(outcome: Outcome, check: string, message: string, command: string | null = null) {
  return { check, outcome, message, command };
}
