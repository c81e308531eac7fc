import {
  commands,
  languages,
  LanguageStatusSeverity,
  QuickPickItemKind,
  Uri,
  window,
  workspace,
  type Disposable,
  type LanguageStatusItem,
  type QuickPickItem,
} from 'vscode';
import { documentSelector } from './documents';
import type { Status } from '../../protocol/workspace';

/** Internal: what a click on the status item opens. Not in the palette. */
const listFilesCommand = 'podRoles.listFiles';

interface FileItem extends QuickPickItem {
  readonly uri?: string;
}

/** The language status item: how many files are known, and on click which were read, which not and why. */
export class StatusItem implements Disposable {
  private readonly item: LanguageStatusItem;
  private readonly command: Disposable;
  private last: Status | undefined;

  constructor() {
    this.item = languages.createLanguageStatusItem('podRoles.status', documentSelector);
    this.item.name = 'Pod Roles';
    this.command = commands.registerCommand(listFilesCommand, () => this.listFiles());
    this.starting();
  }

  starting(): void {
    this.set('Pod Roles', { busy: true, detail: 'starting' });
  }

  /** The server is down and stays down. */
  stopped(reason: string): void {
    this.last = undefined;
    this.set('Pod Roles: stopped', { severity: LanguageStatusSeverity.Error, detail: reason });
    this.item.command = { title: 'Show Log', command: 'podRoles.showLog' };
  }

  show(status: Status): void {
    this.last = status;
    const { severity, detail } = summary(status);
    this.set(`Pod Roles: ${count(status.relevant, 'file')}`, { busy: status.busy, severity, detail });
    this.item.command = { title: 'Files', command: listFilesCommand, tooltip: 'Which files were read, and which were not and why' };
  }

  /** What the server last told; undefined while it is down. */
  get current(): Status | undefined {
    return this.last;
  }

  dispose(): void {
    this.item.dispose();
    this.command.dispose();
  }

  private set(text: string, more: { busy?: boolean; severity?: LanguageStatusSeverity; detail?: string }): void {
    this.item.text = text;
    this.item.busy = more.busy ?? false;
    this.item.severity = more.severity ?? LanguageStatusSeverity.Information;
    this.item.detail = more.detail ?? '';
    this.item.accessibilityInformation = { label: more.detail ? `${text}, ${more.detail}` : text };
  }

  private async listFiles(): Promise<void> {
    if (!this.last) return;
    const picked = await window.showQuickPick(fileItems(this.last), {
      title: `Pod Roles: ${count(this.last.relevant, 'file')} of ${this.last.files} checked`,
      placeHolder: this.last.message ?? 'Pick a file to open it',
      matchOnDescription: true,
      matchOnDetail: true,
    });
    if (picked?.uri) await window.showTextDocument(Uri.parse(picked.uri), { preview: true });
  }
}

function summary(status: Status): { severity: LanguageStatusSeverity; detail: string } {
  const active = status.activeFile;
  if (status.message) return { severity: LanguageStatusSeverity.Warning, detail: status.message };
  if (active?.state === 'skipped') {
    return {
      severity: LanguageStatusSeverity.Warning,
      detail: `this file is not checked: ${clause(active.reason ?? 'it could not be read')}`,
    };
  }
  const detail = [
    active?.state === 'not-relevant' ? clause(active.reason ?? 'nothing to check in this file') : '',
    active?.state === 'checked' ? 'this file is checked' : '',
    status.skipped.length > 0 ? `${status.skipped.length} not read` : '',
  ];
  return { severity: LanguageStatusSeverity.Information, detail: detail.filter(Boolean).join(', ') };
}

/** A sentence as a part of a longer one. */
function clause(sentence: string): string {
  return sentence.replace(/\.$/, '');
}

function fileItems(status: Status): FileItem[] {
  const items: FileItem[] = [];
  const active = status.activeFile;
  if (active) {
    const state = { checked: 'checked', 'not-relevant': 'nothing to check in it', skipped: 'not checked' }[active.state];
    items.push({ label: 'This file', kind: QuickPickItemKind.Separator }, fileItem(active.uri, active.reason ?? state, '$(file)'));
  }
  if (status.skipped.length > 0) {
    items.push({ label: `Not read: ${status.skipped.length}`, kind: QuickPickItemKind.Separator });
    for (const { uri, reason } of status.skipped) items.push(fileItem(uri, reason, '$(circle-slash)'));
  }
  if (status.read && status.read.length > 0) {
    items.push({ label: `Read: ${status.read.length}`, kind: QuickPickItemKind.Separator });
    for (const uri of status.read) items.push(fileItem(uri, '', '$(check)'));
  }
  if (items.length === 0) items.push({ label: 'No file in this workspace has service accounts or trust policies for pods yet' });
  return items;
}

function fileItem(uri: string, detail: string, icon: string): FileItem {
  return { label: `${icon} ${workspace.asRelativePath(Uri.parse(uri))}`, description: detail, uri };
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
