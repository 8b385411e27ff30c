import type { EmailContent } from './email';
import { AwsError } from '../../errors';
import type { AwsCall } from '../../gateway/aws-call';
import { list, record, text } from '../../iam/action-request';

/** Path of SendEmail in version 2 of the API. */
export const V2_PATH = '/v2/email/outbound-emails';

/**
 * The email that a request of SES version 1 (query protocol) or 2 (JSON) sends.
 *
 * @throws AwsError when the request is not complete, or asks for what the sandbox does not do
 */
export function readEmail(call: AwsCall): EmailContent {
  const email = call.request.path === V2_PATH ? readV2(bodyOf(call)) : readV1(call);
  if (email.from === '') {
    throw new AwsError(...invalid(call, 'the email has no sender (Source, FromEmailAddress)'));
  }
  if (email.raw === undefined && [...email.to, ...email.cc, ...email.bcc].length === 0) {
    throw new AwsError(...invalid(call, 'the email has no recipient'));
  }
  return email;
}

/** The parsed body of a request of version 2. */
export function bodyOf({ request }: AwsCall): Record<string, unknown> {
  try {
    return record(JSON.parse(request.body.toString()));
  } catch {
    return {};
  }
}

function invalid({ format }: AwsCall, message: string): [string, string] {
  return [format === 'query' ? 'InvalidParameterValue' : 'BadRequestException', message];
}

function readV1({ operation, parameters }: AwsCall): EmailContent {
  const field = (name: string) => text(parameters[name]) ?? null;
  const entries = (name: string) => Object.keys(parameters).filter((key) => key.startsWith(`${name}.member.`))
    .sort((a, b) => Number(a.split('.').at(-1)) - Number(b.split('.').at(-1))).map((key) => String(parameters[key]));
  const common = { from: field('Source') ?? '', cc: entries('Destination.CcAddresses'), bcc: entries('Destination.BccAddresses'), replyTo: entries('ReplyToAddresses') };
  if (operation === 'SendRawEmail') {
    return rawEmail({ ...common, to: entries('Destinations') }, field('RawMessage.Data') ?? '');
  }
  const template = operation === 'SendTemplatedEmail' ? { name: field('Template') ?? '', data: field('TemplateData') ?? '{}' } : undefined;
  return {
    ...common,
    to: entries('Destination.ToAddresses'),
    subject: field('Message.Subject.Data'),
    text: field('Message.Body.Text.Data'),
    html: field('Message.Body.Html.Data'),
    ...template && { template },
  };
}

function readV2(body: Record<string, unknown>): EmailContent {
  const content = record(body.Content);
  const destination = record(body.Destination);
  const addresses = (value: unknown) => list(value).map(String);
  const common = {
    from: text(body.FromEmailAddress) ?? '',
    to: addresses(destination.ToAddresses),
    cc: addresses(destination.CcAddresses),
    bcc: addresses(destination.BccAddresses),
    replyTo: addresses(body.ReplyToAddresses),
  };
  const raw = text(record(content.Raw).Data);
  if (raw !== undefined) {
    return rawEmail(common, raw);
  }
  const simple = record(content.Simple);
  const data = (part: unknown) => text(record(part).Data) ?? null;
  const template = record(content.Template);
  return {
    ...common,
    subject: data(simple.Subject),
    text: data(record(simple.Body).Text),
    html: data(record(simple.Body).Html),
    ...content.Template !== undefined && { template: { name: text(template.TemplateName) ?? text(template.TemplateArn) ?? 'inline', data: text(template.TemplateData) ?? '{}' } },
  };
}

type Addresses = Pick<EmailContent, 'from' | 'to' | 'cc' | 'bcc' | 'replyTo'>;

/** What the request leaves out is in the message's headers. */
function rawEmail(addresses: Addresses, data: string): EmailContent {
  const raw = Buffer.from(data, 'base64').toString();
  const headers = raw.split(/\r?\n\r?\n/)[0]!.replace(/\r?\n[ \t]+/g, ' ');
  const header = (name: string) => new RegExp(`^${name}:[ \\t]*(.*)$`, 'im').exec(headers)?.[1]?.trim();
  const mailboxes = (name: string) => (header(name) ?? '').split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/).map((mailbox) => mailbox.trim()).filter(Boolean);
  const named = [...addresses.to, ...addresses.cc, ...addresses.bcc].length > 0;
  return {
    ...addresses,
    ...!named && { to: mailboxes('To'), cc: mailboxes('Cc'), bcc: mailboxes('Bcc') },
    from: addresses.from || (header('From') ?? ''),
    subject: header('Subject') ?? null,
    text: null,
    html: null,
    raw,
  };
}
