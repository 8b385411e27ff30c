import { SETTINGS, type Setting, type SettingName, type SettingValue } from './catalog';
import { ControlError } from '../../errors';
import { factUrl } from '../../facts';

export interface SettingView {
  readonly name: string;
  readonly value: unknown;
  readonly default: unknown;
  /** Values, or the range of an integer. */
  readonly allowed: unknown;
  /** URL of the section of docs/marketplace-facts.md. */
  readonly facts: string;
  readonly description: string;
}

const CATALOG: ReadonlyMap<string, Setting<unknown>> = new Map(Object.entries<Setting<unknown>>(SETTINGS));

/** The switches and their present values. */
export class Settings {
  private readonly values = new Map<string, unknown>();

  constructor() {
    this.reset();
  }

  get<N extends SettingName>(name: N): SettingValue<N> {
    return this.values.get(name) as SettingValue<N>;
  }

  list(): { settings: SettingView[] } {
    return {
      settings: [...CATALOG].map(([name, setting]) => ({
        name,
        value: this.values.get(name),
        default: setting.value,
        allowed: setting.allowed,
        facts: factUrl(setting.section),
        description: setting.description,
      })),
    };
  }

  /**
   * Takes `{name: value, …}`; `null` brings back the default. Either all of them are set or none.
   * @throws ControlError on an unknown name or a value that is not allowed
   */
  set(body: unknown): { settings: SettingView[] } {
    if (typeof body !== 'object' || body === null || Array.isArray(body)) {
      throw new ControlError(400, 'InvalidSettings', 'Settings are a JSON object of name and value');
    }
    const changes = Object.entries(body).map(([name, value]) => [name, checked(name, value)] as const);
    for (const [name, value] of changes) {
      this.values.set(name, value);
    }
    return this.list();
  }

  reset(): void {
    for (const [name, setting] of CATALOG) {
      this.values.set(name, setting.value);
    }
  }
}

function checked(name: string, value: unknown): unknown {
  const setting = CATALOG.get(name);
  if (!setting) {
    throw new ControlError(400, 'UnknownSetting', `There is no setting '${name}'; there are: ${[...CATALOG.keys()].join(', ')}`);
  }
  if (value === null) {
    return setting.value;
  }
  const { allowed } = setting;
  if (!('minimum' in allowed)) {
    if (allowed.includes(value)) {
      return value;
    }
    throw invalid(name, value, `one of ${JSON.stringify(allowed)}`);
  }
  if (typeof value === 'number' && Number.isInteger(value) && value >= allowed.minimum && value <= allowed.maximum) {
    return value;
  }
  throw invalid(name, value, `an integer from ${allowed.minimum} to ${allowed.maximum}`);
}

function invalid(name: string, value: unknown, expected: string): ControlError {
  return new ControlError(400, 'InvalidSetting', `Setting '${name}' is ${JSON.stringify(value)}, but must be ${expected}`);
}
