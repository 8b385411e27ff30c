import type { MockModel } from './model';
import type { Resource, Value } from '../../template';

const HEADER = 'method.response.header.';
/** Directives and variables of a mapping template. */
const LOGIC = /[#$]/;
/** What the CDK writes for CORS with several allowed origins. Other templates with logic are not understood. */
const CHOICE_OF_ORIGIN = /^#set\(\$origin = \$input\.params\(\)\.header\.get\("Origin"\)\)[\s\S]*#if\((.*)\)\s*#set\(\$context\.responseOverride\.header\.Access-Control-Allow-Origin = \$origin\)\s*#end\s*$/;

/** The response of a method with a mock integration: `defaultCorsPreflightOptions` of the CDK, above all. */
export function mockOf(method: Resource): MockModel {
  const integration = method.get('Integration');
  const request = integration.get('RequestTemplates').get('application/json').string('');
  if (LOGIC.test(request)) {
    method.unsupported('a mapping template with logic or variables');
  }
  const asked = /["']?statusCode["']?\s*:\s*"?(\d{3})/.exec(request)?.[1];
  const response = asked === undefined ? undefined : responseFor(asked, integration.get('IntegrationResponses').list());
  if (response === undefined) {
    return { headers: {}, body: '', origins: [] };
  }
  const template = response.get('ResponseTemplates').get('application/json').string('');
  const origins = CHOICE_OF_ORIGIN.exec(template)?.[1];
  if (origins === undefined && LOGIC.test(template)) {
    method.unsupported('a mapping template with logic or variables');
  }
  return {
    status: response.get('StatusCode').number(),
    headers: headersOf(method, response.get('ResponseParameters')),
    body: origins === undefined ? template : '',
    origins: [...(origins ?? '').matchAll(/\$origin == "([^"]*)"/g)].map(([, origin]) => origin ?? ''),
  };
}

function responseFor(status: string, responses: readonly Value[]): Value | undefined {
  const pattern = (response: Value) => response.get('SelectionPattern').string('');
  return responses.find((response) => pattern(response) !== '' && new RegExp(`^(?:${pattern(response)})$`).test(status))
    ?? responses.find((response) => pattern(response) === '');
}

function headersOf(method: Resource, parameters: Value): Record<string, string> {
  const names = Object.keys(parameters.exists ? parameters.record() : {}).filter((name) => name.startsWith(HEADER));
  return Object.fromEntries(names.map((name) => {
    const text = /^'(.*)'$/s.exec(parameters.get(name).string())?.[1];
    if (text === undefined) {
      method.unsupported(`the response header ${name.slice(HEADER.length)} made of something else than a text`);
    }
    return [name.slice(HEADER.length).toLowerCase(), text ?? ''];
  }));
}
