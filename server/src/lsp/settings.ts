import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DidChangeConfigurationNotification } from './library';
import { defaultSettings, type Settings } from '../core/config/settings';
import { readSettings, type SettingsProblem } from '../core/config/readSettings';
import { allRules } from '../core/rules/registry';
import type { Level } from '../core/rules/rule';
import { LineIndex } from '../core/text/lineIndex';
import { readText } from '../host/readText';
import { toPath, toUri } from '../host/paths';
import { configLinkOut, existsBeside, isInTree, treeOf } from '../host/tree';
import type { Diagnostics } from './diagnostics';
import type { Session } from './session';
import type { WorkspaceFiles } from './workspaceFiles';

/** The names under which a workspace may hold its configuration, first found first taken. */
export const configNames = ['pod-roles.yaml', '.pod-roles.yaml', 'pod-roles.yml', '.pod-roles.yml'];

/** 5 MB: a configuration of a hundred thousand globs. */
const configLimit = 5 * 1024 * 1024;

/** In milliseconds: new settings check every file again, so they apply once nothing is typed any more. */
const pause = 300;

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
  private problems: readonly SettingsProblem[] = [];
  private fromEditor: EditorSettings = {};
  private configUri: string | undefined;
  /** The files that the configuration names. */
  private readonly named = new Set<string>();
  private applying: NodeJS.Timeout | undefined;

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

  /** What is wrong in a configuration file that applies, as it was last read. */
  problemsOf(uri: string): readonly SettingsProblem[] {
    return uri === this.configUri ? this.problems : [];
  }

  /** A file was saved or changed on disk: reads the configuration again if it is that file, or one that it names. */
  fileChanged(uri: string): void {
    if (!this.isConfig(uri)) {
      if (this.named.has(uri)) this.readFile();
      return;
    }
    this.readFile();
    this.apply();
  }

  /**
   * The text of a file changed in the editor. What is wrong in it is shown as it is typed; settings that are half typed do
   * not apply, those without a mistake do at once, so that what a fix writes there takes effect.
   */
  textChanged(uri: string): void {
    if (uri !== this.configUri) return;
    this.readFile();
    clearTimeout(this.applying);
    if (this.problems.length === 0) this.applying = setTimeout(() => this.apply(), pause);
  }

  private readFile(): void {
    this.fromFile = defaultSettings;
    this.named.clear();
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
    const exists = existsBeside(found);
    const { settings, problems } = readSettings(text, this.configUri, {
      ruleIds: allRules.map((rule) => rule.id),
      exists: (path) => {
        this.named.add(toUri(resolve(dirname(found), path)));
        return exists(path);
      },
    });
    this.fromFile = settings;
    this.publish(this.configUri, problems, text);
  }

  private publish(uri: string, problems: readonly SettingsProblem[], text = ''): void {
    this.problems = problems;
    const lines = new LineIndex(text);
    void this.session.connection.sendDiagnostics({
      uri,
      diagnostics: problems.map(({ message, span }) => ({
        range: { start: lines.positionAt(span.start), end: lines.positionAt(Math.max(span.end, Math.min(span.start + 1, text.length))) },
        severity: 1,
        source: 'pod-roles',
        message,
      })),
    });
  }

  private apply(): void {
    clearTimeout(this.applying);
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
