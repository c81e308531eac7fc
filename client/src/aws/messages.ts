import { commands, window, type LogOutputChannel } from 'vscode';
import type { AwsAnswer, AwsProblem } from '../../../protocol/aws';

/** True for an answer that is what was asked for. */
export function answered<T extends object>(answer: AwsAnswer<T> | undefined): answer is T {
  return answer !== undefined && !('problem' in answer) && !('cancelled' in answer);
}

/** The problem of an answer; undefined for a good one and for one that the user cancelled. */
export function problemOf(answer: AwsAnswer<object> | undefined): AwsProblem['problem'] | undefined {
  return answer && 'problem' in answer ? answer.problem : undefined;
}

/** Tells the user why there is no answer, with the way on: a login in a terminal, another profile, the log. */
export async function tellProblem(problem: AwsProblem['problem'], log: LogOutputChannel): Promise<void> {
  log.warn(`${problem.message} ${problem.next}`);
  const login = problem.ssoProfile === undefined || problem.signInCommand === undefined ? undefined : `Log in as ${problem.ssoProfile}`;
  const actions = [
    ...(login ? [login] : []),
    ...(/credential|profile|region|expired|denied/i.test(problem.code) ? ['Select Profile'] : []),
    'Show Log',
  ];
  const choice = await window.showErrorMessage(`${problem.message} ${problem.next}`, ...actions);
  if (choice === undefined) return;
  if (choice === login) openLogin(problem.ssoProfile!, problem.signInCommand!);
  else if (choice === 'Select Profile') await commands.executeCommand('podRoles.selectAwsProfileAndRegion');
  else log.show();
}

/** `1 file`, `3 files`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

/** A terminal with the login command typed and not yet run: the user sees what runs. `command` is quoted for a POSIX shell. */
export function openLogin(profile: string, command: string): void {
  // A workspace's settings can name any profile: nothing in a name may be a command to the shell that reads it.
  if (process.platform === 'win32' && !/^\w[\w.-]*$/.test(profile)) {
    void window.showInformationMessage(
      'Run "aws sso login --profile" with this profile in a terminal. Its name has characters that PowerShell and cmd.exe read differently, so the command is not typed for you.',
    );
    return;
  }
  const terminal = window.createTerminal({ name: 'AWS login' });
  terminal.show();
  terminal.sendText(command, false);
}
