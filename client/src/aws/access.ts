import {
  commands,
  ConfigurationTarget,
  StatusBarAlignment,
  window,
  workspace,
  type Disposable,
  type ExtensionContext,
  type LogOutputChannel,
  type StatusBarItem,
} from 'vscode';
import { awsConfigureRequest, awsStateNotification, type AwsConfigureParams, type AwsState } from '../../../protocol/aws';
import type { PodRolesClient } from '../client';
import { section } from '../settings';
import { tellProblem } from './messages';

/** Where the answer to "may AWS be asked" is kept, for this user on this machine. */
const memory = 'podRoles.aws.enabled';

/** Whether AWS may be asked, as whom and where; and what the status bar says of it. */
export class AwsAccess implements Disposable {
  /** What the server last said. */
  state: AwsState | undefined;
  private readonly item: StatusBarItem;
  private readonly listeners: Disposable[];

  constructor(
    private readonly context: ExtensionContext,
    private readonly client: PodRolesClient,
    private readonly log: LogOutputChannel,
  ) {
    this.item = window.createStatusBarItem('podRoles.aws', StatusBarAlignment.Right, 90);
    this.item.name = 'Pod Roles: AWS';
    client.onStarting((started) => started.onNotification(awsStateNotification, (state) => this.show(state)));
    client.onStarted(() => void this.tell());
    this.listeners = [
      this.item,
      workspace.onDidGrantWorkspaceTrust(() => void this.tell()),
      workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(`${section}.aws`)) void this.tell();
      }),
    ];
  }

  /** True when the user said that AWS may be asked, and the workspace is trusted. */
  get allowed(): boolean {
    if (!workspace.isTrusted) return false;
    const setting = this.setting();
    return setting === 'on' || (setting === 'ask' && this.context.globalState.get<boolean>(memory) === true);
  }

  /**
   * For a command that needs AWS: asks once whether it may be asked, and remembers.
   * @param why what the command would do, as a clause.
   * @returns true when AWS or a snapshot can answer.
   */
  async ensure(why: string): Promise<boolean> {
    if (this.allowed) {
      if (this.state?.source !== 'live') await this.tell();
      return true;
    }
    const snapshot = this.state?.source === 'snapshot';
    if (snapshot) return true;
    return (await this.ask(why)) ? true : false;
  }

  /** For what only AWS itself can do: a snapshot does not count. */
  async ensureLive(why: string): Promise<boolean> {
    if (this.allowed) {
      if (this.state?.source !== 'live') await this.tell();
      return true;
    }
    return this.ask(why);
  }

  private async ask(why: string): Promise<boolean> {
    if (!workspace.isTrusted) {
      void window
        .showInformationMessage("AWS isn't queried in Restricted Mode. Everything that needs no account works.", 'Manage Trust')
        .then((choice) => choice && commands.executeCommand('workbench.trust.manage'));
      return false;
    }
    if (this.setting() === 'off') {
      void window
        .showInformationMessage('AWS isn\'t queried: the setting podRoles.aws.enabled is "off".', 'Open Setting')
        .then((choice) => choice && commands.executeCommand('workbench.action.openSettings', 'podRoles.aws.enabled'));
      return false;
    }
    const { profile, regions } = this.params();
    const whom = profile ? `the profile ${profile}` : 'the credentials of the AWS CLI';
    const where = regions && regions.length > 0 ? regions.join(', ') : 'the regions of this workspace';
    const choice = await window.showInformationMessage(
      `Allow Pod Roles to query AWS, to ${why}?`,
      {
        modal: true,
        detail: `It reads roles, policies, OIDC providers and clusters with ${whom}, in ${where}, and CloudTrail events only if you look a request up. Nothing is changed in AWS without a preview and your confirmation. The answer is remembered; the setting podRoles.aws.enabled changes it.`,
      },
      'Query AWS',
    );
    if (choice !== 'Query AWS') return false;
    await this.remember(true);
    return true;
  }

  /** Keeps the user's word and acts on it. */
  async remember(enabled: boolean): Promise<void> {
    await this.context.globalState.update(memory, enabled);
    await this.tell();
  }

  /** Keeps profile and regions in the workspace's settings, or in the user's where no folder is open. */
  async choose(profile: string | undefined, regions: readonly string[]): Promise<void> {
    const target = workspace.workspaceFolders ? ConfigurationTarget.Workspace : ConfigurationTarget.Global;
    const settings = workspace.getConfiguration(section);
    await settings.update('aws.profile', profile ?? '', target);
    await settings.update('aws.regions', regions, target);
    await this.remember(true);
  }

  /** Tells the server what may be asked, and shows what it answers. */
  private async tell(): Promise<void> {
    const client = await this.client.running();
    if (!client) return;
    const state = await client.sendRequest(awsConfigureRequest, this.params()).catch((error: unknown) => {
      this.log.warn(`AWS could not be set up: ${String(error)}`);
      return undefined;
    });
    if (state) this.show(state);
  }

  private params(): AwsConfigureParams {
    const settings = workspace.getConfiguration(section);
    const profile = settings.get<string>('aws.profile')?.trim();
    const regions = settings.get<string[]>('aws.regions') ?? [];
    return { enabled: this.allowed, ...(profile ? { profile } : {}), ...(regions.length > 0 ? { regions } : {}) };
  }

  private setting(): 'ask' | 'on' | 'off' {
    const value = workspace.getConfiguration(section).get<string>('aws.enabled');
    return value === 'on' || value === 'off' ? value : 'ask';
  }

  private show(state: AwsState): void {
    this.state = state;
    const { text, tooltip } = words(state);
    this.item.text = text;
    this.item.tooltip = tooltip;
    this.item.accessibilityInformation = { label: tooltip.split('\n')[0] ?? text };
    this.item.command = 'podRoles.selectAwsProfileAndRegion';
    if (state.source === 'off' && !state.problem) this.item.hide();
    else this.item.show();
  }

  /** Says why AWS gives no answer, when the user asked for something. */
  async tellState(): Promise<void> {
    if (this.state?.problem) await tellProblem(this.state.problem, this.log);
  }

  dispose(): void {
    for (const listener of this.listeners) listener.dispose();
  }
}

/** The status bar's text and its tooltip: who is asked, how old the answers are, what is missing. */
function words(state: AwsState): { text: string; tooltip: string } {
  if (state.problem)
    return {
      text: '$(warning) AWS',
      tooltip: `${state.problem.message}\n${state.problem.next}${state.stale && state.loadedAt ? `\nThe data of ${new Date(state.loadedAt).toLocaleString()} is still used.` : ''}`,
    };
  if (state.source === 'snapshot')
    return {
      text: `$(archive) AWS: ${state.label ?? 'snapshot'}`,
      tooltip: `Pod Roles takes AWS's facts from the ${state.label ?? 'snapshot'} of this workspace.\nClick to ask AWS itself.`,
    };
  if (state.source === 'off') return { text: 'AWS: off', tooltip: 'Pod Roles does not ask AWS.' };
  const lines = [`Pod Roles queries AWS as ${state.arn ?? "an identity that isn't known yet"}`];
  if (state.regions.length > 0) lines.push(`Regions: ${state.regions.join(', ')}`);
  if (state.counts)
    lines.push(
      `${state.counts.roles} roles, ${state.counts.providers} OIDC providers, ${state.counts.clusters} clusters, ${state.counts.associations} associations`,
    );
  if (state.loadedAt) lines.push(`Asked at ${new Date(state.loadedAt).toLocaleTimeString()}`);
  for (const gap of state.gaps.slice(0, 5)) lines.push(`Not read: ${gap.action}: ${gap.reason}`);
  return { text: `${state.busy ? '$(sync~spin)' : '$(account)'} AWS: ${state.account ?? '…'}`, tooltip: lines.join('\n') };
}
