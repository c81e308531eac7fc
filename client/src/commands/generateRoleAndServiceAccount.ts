import { window, workspace, type Uri } from 'vscode';
import { generateChoicesRequest, generatePlanRequest, type GeneratePlan } from '../../../protocol/generate';
import { answered, problemOf, tellProblem } from '../aws/messages';
import { firstAnswers, optionsOf, type Answers } from '../wizard/answers';
import { carryOut } from '../wizard/carryOut';
import { questions } from '../wizard/questions';
import type { Services } from '../services';

const title = 'Generate Role and ServiceAccount';
/** Where the last answers are kept, as the next run's proposals. */
const memory = 'podRoles.generate.answers';

/** Asks, plans, shows, and writes or applies the role and the ServiceAccount. Nothing is written before the last choice. */
export async function generateRoleAndServiceAccount(services: Services): Promise<void> {
  const { client, context } = services;
  const folder = workspace.workspaceFolders?.[0]?.uri;
  if (!folder) {
    void window.showInformationMessage('Open a folder first: the files are written into it.');
    return;
  }
  const editor = window.activeTextEditor;
  const where = editor
    ? {
        uri: editor.document.uri.toString(),
        position: { line: editor.selection.active.line, character: editor.selection.active.character },
      }
    : {};
  const choices = await client.request(generateChoicesRequest, where);
  if (!choices) return;
  let answers: Answers = { ...firstAnswers, ...context.workspaceState.get<Partial<Answers>>(memory) };
  for (let step = 0; step < questions.length;) {
    const result = await questions[step]!(services, choices, answers, { title, step: step + 1, total: questions.length });
    if (result === 'cancel') return;
    if (result === 'back') step--;
    else {
      answers = result.value;
      step++;
      // Kept at each step: a wizard that is closed half-way begins with what was said.
      await context.workspaceState.update(memory, answers);
    }
    if (step < questions.length) continue;
    const plan = await planOf(services, answers, folder);
    if (plan === 'again') step = 0;
    else if (plan) await carryOut(services, plan);
  }
}

/** The plan of the answers; `again` when something in them is wrong and was said. */
async function planOf({ client, aws, log }: Services, answers: Answers, folder: Uri): Promise<GeneratePlan | 'again' | undefined> {
  const live = answers.apply && (await aws.ensureLive('make the role'));
  const { policyUri, accountUri } = answers;
  const answer = await client.request(generatePlanRequest, {
    options: optionsOf(answers),
    formats: answers.formats,
    folder: folder.toString(),
    aws: live,
    ...(policyUri ? { policyUri } : {}),
    ...(accountUri ? { accountUri } : {}),
  });
  const problem = problemOf(answer);
  if (problem) await tellProblem(problem, log);
  if (!answered(answer)) return undefined;
  if ('problems' in answer) {
    const choice = await window.showErrorMessage(answer.problems.map(({ message }) => message).join(' '), 'Change the Answers');
    return choice === undefined ? undefined : 'again';
  }
  if (answer.files.length === 0 && answer.calls.length === 0) {
    void window.showInformationMessage(
      [...answer.fileProblems, ...answer.awsProblems, 'Nothing to create: everything already exists.'][0]!,
    );
    return undefined;
  }
  return answer;
}
