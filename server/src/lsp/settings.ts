import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DidChangeConfigurationNotification } from './library';
import { defaultSettings, type Settings } from '../core/config/settings';
import { readSettings } from '../core/config/readSettings';
import { allRules } from '../core/rules/registry';
import type { Level } from '../core/rules/rule';
import { readText } from '../host/readText';
import { toPath, toUri } from '../host/paths';
import { configLinkOut, isInTree, treeOf } from '../host/tree';
import type { Diagnostics } from './diagnostics';
import type { Session } from './session';
import type { WorkspaceFiles } from './workspaceFiles';

/** The names under which a workspace may hold its configuration, first found first taken. */
export const configNames = ['pod-roles.yaml', '.pod-roles.yaml', 'pod-roles.yml', '.pod-roles.yml'];

/** 5 MB: a configuration of a hundred thousand globs. */
const configLimit = 5 * 1024 * 1024;

/** What the editor's settings may say (package.json, `contributes.configuration`). Anything else is passed over. */
interface EditorSettings {
  rules?: Record<string, unknown>;
  exclude?: unknown;
  codeLens?: unknown;
  trustPolicyQuota?: unknown;
  maxFileSize?: unknown;
}

/** Merges pod-roles.yaml with the editor's settings; the file, which the team shares, gives way to the user's own. */
export class SettingsSource {
  private fromFile: Settings = defaultSettings;
  private fromEditor: EditorSettings = {};
  private configUri: string | undefined;

  constructor(
    private readonly session: Session,
    private readonly files: WorkspaceFiles,
    private readonly diagnostics: Diagnostics,
  ) {}

  async start(): Promise<void> {
    if (this.session.can.configuration) {
      await this.session.connection.client
        .register(DidChangeConfigurationNotification.type, { section: 'podRoles' })
        .catch(() => undefined);
    }
    await this.reload();
  }

  /** The workspace's folders, as paths. */
  get roots(): readonly string[] {
    return this.files.roots;
  }

  /** Asks the editor and reads the file again, then applies both. */
  async reload(): Promise<void> {
    if (this.session.can.configuration) {
      const answer: unknown = await this.session.connection.workspace.getConfiguration('podRoles').catch(() => undefined);
      this.fromEditor = typeof answer === 'object' && answer !== null ? answer : {};
    }
    this.readFile();
    this.apply();
  }

  /** True when a URI is the configuration's own file. */
  isConfig(uri: string): boolean {
    return configNames.some((name) => uri.endsWith(`/${name}`));
  }

  /** A file was saved or changed on disk: reads the configuration again when it is that file. */
  fileChanged(uri: string): void {
    if (!this.isConfig(uri)) return;
    this.readFile();
    this.apply();
  }

  private readFile(): void {
    this.fromFile = defaultSettings;
    const found = this.files.roots.flatMap((root) => configNames.map((name) => join(root, name))).find((path) => existsSync(path));
    const previous = this.configUri;
    this.configUri = found && this.session.uris.of(found);
    if (previous && previous !== this.configUri) this.publish(previous, []);
    if (!found || !this.configUri) {
      return;
    }
    if (!isInTree(treeOf(dirname(found)), found)) {
      this.session.log.warn(`${found}: ${configLinkOut}`);
      this.publish(this.configUri, [
        { message: `This file is not read: ${configLinkOut}`, line: 1, column: 1, span: { start: 0, end: 0 } },
      ]);
      return;
    }
    const open = this.session.documents.get(this.configUri)?.getText();
    const result = open === undefined ? readText(found, { limit: configLimit }) : undefined;
    const text = open ?? (result?.kind === 'text' ? result.file.text : undefined);
    if (text === undefined) {
      const message = `This file was not read: ${result?.kind === 'skipped' ? result.reason : 'unknown'}. No setting of it applies.`;
      this.session.log.warn(`${found}: ${message}`);
      this.publish(this.configUri, [{ message, span: { start: 0, end: 0 }, line: 1, column: 1 }]);
      return;
    }
    const { settings, problems } = readSettings(text, this.configUri, { ruleIds: allRules.map((rule) => rule.id) });
    this.fromFile = settings;
    this.publish(this.configUri, problems);
  }

  private publish(uri: string, problems: ReturnType<typeof readSettings>['problems']): void {
    void this.session.connection.sendDiagnostics({
      uri,
      diagnostics: problems.map((problem) => {
        const start = { line: problem.line - 1, character: problem.column - 1 };
        return {
          range: { start, end: { line: start.line, character: start.character + 1 } },
          severity: 1,
          source: 'pod-roles',
          message: problem.message,
        };
      }),
    });
  }

  private apply(): void {
    const { fromEditor, fromFile } = this;
    const rules: Record<string, Level> = { ...fromFile.rules };
    for (const [id, level] of Object.entries(fromEditor.rules ?? {})) {
      if (level === 'error' || level === 'warning' || level === 'info' || level === 'off') rules[id] = level;
    }
    const exclude = Array.isArray(fromEditor.exclude) ? fromEditor.exclude.filter((glob): glob is string => typeof glob === 'string') : [];
    const quota = fromEditor.trustPolicyQuota;
    const base = fromFile.base ?? (this.files.roots[0] ? toUri(this.files.roots[0]) : undefined);
    const settings: Settings = {
      ...fromFile,
      rules,
      ignore: [...fromFile.ignore, ...exclude],
      ...(typeof quota === 'number' && quota > 0 && quota !== defaultSettings.trustPolicyQuota ? { trustPolicyQuota: quota } : {}),
      ...(base ? { base } : {}),
    };
    this.session.codeLens = fromEditor.codeLens !== false;
    const size = fromEditor.maxFileSize;
    this.session.log.settingsAre(inForce(settings, fromEditor), this.configUri);
    this.session.workspace.configure(settings);
    this.files.setLimits(settings.ignore, base && toPath(base), typeof size === 'number' && size > 0 ? size * 1024 * 1024 : undefined);
    this.files.setDocuments(settings.documents === true);
    this.session.aws?.settingsChanged();
    this.diagnostics.everythingChanged();
  }
}

/** What differs from the defaults, for the log: names and numbers that somebody wrote into settings. */
function inForce(
  { rules, ignore, overrides, clusters, roles, trustPolicyQuota, snapshot, documents }: Settings,
  editor: EditorSettings,
): Record<string, unknown> {
  return {
    ...(Object.keys(rules).length > 0 ? { rules } : {}),
    ...(ignore.length > 0 ? { ignore } : {}),
    ...(overrides.length > 0 ? { overrides: overrides.length } : {}),
    clusters: clusters.map(({ name }) => name),
    roles: Object.keys(roles).length,
    trustPolicyQuota,
    codeLens: editor.codeLens !== false,
    ...(snapshot === undefined ? {} : { snapshot }),
    ...(documents === undefined ? {} : { documents }),
  };
}
