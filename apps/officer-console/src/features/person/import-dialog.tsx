import { IMPORT_ROWS_LIMIT, importColumns, personImport, type ResultOf } from '@sallyport/contracts';
import { Button, Checkbox, Dialog, Note, Table } from '@sallyport/ui';
import { useState } from 'react';
import { FileTrigger } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useAct } from '../../platform/use-act';
import { useRefusalText } from '../../shell/use-refusal';
import { useSession } from '../access/session';

type Report = ResultOf<typeof personImport>;

/** Reads the file as the facility's office programs write it: UTF-8, else GB18030. */
async function readText(file: File): Promise<string> {
  const bytes = await file.arrayBuffer();
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030').decode(bytes);
  }
}

function ReportTable({ report }: { report: Report }) {
  const { t } = useTranslation('console');
  const [onlyRefused, setOnlyRefused] = useState(true);
  const rows = onlyRefused ? report.rows.filter(({ outcome }) => outcome === 'refused') : report.rows;
  return (
    <div className="flex flex-col gap-3">
      <Note tone={report.refused > 0 ? 'amber' : 'ok'}>
        {t('import.accepted', { n: report.accepted })} · {t('import.refused', { n: report.refused })} · {t('import.unchanged', { n: report.unchanged })}
        {report.refused > 0 && <p>{t('import.fix')}</p>}
      </Note>
      {report.accepted > 0 && <Note tone="cyan">{t('import.noPin')}</Note>}
      <Checkbox isSelected={onlyRefused} onChange={setOnlyRefused}>
        {t('import.onlyRefused')}
      </Checkbox>
      <div className="scroll import-report">
        <Table
          aria-label={t('import.title')}
          rows={rows}
          rowId={({ line }) => String(line)}
          columns={[
            { id: 'line', label: t('import.line'), cell: ({ line }) => line, align: 'end' },
            { id: 'number', label: t('people.number'), cell: ({ number }) => number ?? '', rowHeader: true },
            { id: 'field', label: t('import.field'), cell: ({ field }) => field ?? '' },
            { id: 'rule', label: t('import.rule'), cell: ({ rule }) => rule ?? '' },
          ]}
        />
      </div>
    </div>
  );
}

/** Takes a CSV file of people and shows, row by row, what was taken and what was not and why. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['console', 'common']);
  const { stepUp } = useSession();
  const { act, run } = useAct(personImport, stepUp);
  const refusalText = useRefusalText();
  const [file, setFile] = useState<File | null>(null);
  const [report, setReport] = useState<Report | null>(null);
  const start = async () => {
    if (!file) return;
    const outcome = await run({ fileName: file.name.slice(0, 200), csv: await readText(file) });
    if (outcome?.outcome === 'accepted' && outcome.result) setReport(outcome.result);
  };
  const actions = (
    <>
      {!report && (
        <Button tone="primary" guard isDisabled={!file} isPending={act.state === 'sending'} onPress={() => void start()}>
          {act.state === 'sending' ? t('import.working') : t('import.start')}
        </Button>
      )}
      <Button onPress={onClose}>{t('common:action.close')}</Button>
    </>
  );
  return (
    <Dialog isOpen onClose={onClose} title={t('import.title')} size="lg" actions={actions}>
      <div className="flex flex-col gap-4">
        {!report && (
          <>
            <p className="text-muted">{t('import.hint', { n: IMPORT_ROWS_LIMIT })}</p>
            <code className="text-xs break-all">{importColumns.join(',')}</code>
            <div className="flex items-center gap-3">
              <FileTrigger acceptedFileTypes={['.csv', 'text/csv']} onSelect={(files) => setFile(files?.[0] ?? null)}>
                <Button>{t('import.choose')}</Button>
              </FileTrigger>
              <b>{file?.name}</b>
            </div>
          </>
        )}
        {act.state === 'problem' && <Note tone="danger">{refusalText(act.code, act.details)}</Note>}
        {report && <ReportTable report={report} />}
      </div>
    </Dialog>
  );
}
