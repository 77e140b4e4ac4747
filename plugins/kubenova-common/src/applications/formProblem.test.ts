import { formProblem } from './formProblem';

const image = 'nginx:1.29';

describe('formProblem', () => {
  it.each([
    { image },
    { image, cpu: '1' },
    { image, cpu: '0.5' },
    { image, cpu: '250m' },
    { image, memory: '64Mi' },
    { image, memory: '1.5G' },
    { image, memory: '1000000' },
  ])('finds nothing wrong with %j', form => {
    expect(formProblem(form)).toBeUndefined();
  });

  it.each([
    { image: 'nginx 1.29' },
    { image, cpu: 'much' },
    { image, cpu: '1Gi' },
    { image, cpu: '-1' },
    { image, memory: '64 Mi' },
    { image, memory: '64MB' },
    { image, memory: '' },
  ])('says what is wrong with %j', form => {
    expect(formProblem(form)).toMatch(/; (give|write) .*\.$/);
  });
});
