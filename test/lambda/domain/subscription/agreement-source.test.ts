import { AgreementSourceError } from '../../../../lambda/domain/subscription/agreement-source';

test("an error of the source has AWS's code, what to do, and a name by which the log can be searched", () => {
  const error = new AgreementSourceError('AccessDeniedException', 'Allow aws-marketplace:SearchAgreements');
  expect([error.name, error.code, error.message]).toEqual(['AgreementSourceError', 'AccessDeniedException', 'Allow aws-marketplace:SearchAgreements']);
});
