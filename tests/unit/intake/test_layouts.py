"""Layouts of real lists of public bodies (values invented): what each column is taken for, and where the rows are."""

from dataclasses import dataclass

import pytest

from atlas.intake.reader import read_upload
from tests.unit.intake.told import tell
from tests.unit.intake.workbooks import make_xlsx


@dataclass(frozen=True)
class Layout:
    """`fields` and `places` are what must come of it; `confirmed` are the guesses that a person accepts first."""

    name: str
    rows: str
    fields: str
    places: str
    confirmed: str = ""


LAYOUTS = [
    Layout(
        "solidarity list",
        "comune;provincia;regione;chi;descrizione;destinatari;contatti;fonte;tag\n"
        "Crema;Cremona;Lombardia;Parrocchia;Farmaci portati a casa;anziani;;https://g.example/1;Consegne\n"
        "Italia;Italia;Italia;Rete;Numero verde di ascolto;tutti;;https://g.example/2;Ascolto\n",
        "municipality province region lead_organisation summary_it targets  source themes",
        "019035 IT",
    ),
    Layout(
        "food vouchers",
        "codINT;AREA;REGIONE;ENTE;POP;Contributo spettante\n1;NORD;LOMBARDIA;CREMA;34000;1200,5\n"
        "2;NORD;LOMBARDIA;OFFANENGO;6000;100\n3;SUD;PUGLIA;CASTRO;2400;99,9\n",
        "  region municipality+body  funding_eur",
        "019035 019062 075096",
    ),
    Layout(
        "body called after the municipality",
        "CUP;Titolo Progetto;Soggetto Attuatore;Finanziamento Totale;Data Inizio Progetto Prevista\n"
        "A1;Nido nuovo;COMUNE DI CREMA;10,5;01/02/2022\nA2;Mensa;COMUNE DI LODI;7;01/02/2023\n",
        " title_it lead_organisation+municipality funding_eur start_date",
        "019035 098031",
    ),
    Layout(
        "codes in three columns",
        "Titolo progetto;Regione;Descrizione Regione;Provincia;Descrizione Provincia;Comune;Descrizione Comune\n"
        "Mensa;03;LOMBARDIA;019;CREMONA;035;CREMA\n"
        "Rete;000;AMBITO NAZIONALE;000;AMBITO NAZIONALE;000;AMBITO NAZIONALE\n"
        "Piano;08;EMILIA ROMAGNA;000;TUTTE LE PROVINCE;000;TUTTI I COMUNI\n"
        "Casa;08;EMILIA ROMAGNA;037;BOLOGNA;000;TUTTI I COMUNI\n",
        "title_it  region province_part province istat_code municipality",
        "019035 IT 08 037",
    ),
    Layout(
        "codes of nine digits",
        "OC_TITOLO_PROGETTO;OC_SINTESI_PROGETTO;OC_DATA_INIZIO_PROGETTO;COD_COMUNE;DEN_COMUNE;DEN_REGIONE;OC_LINK\n"
        "Mensa;Pasti;20150101;003019035;CREMA;LOMBARDIA;https://o.example/1\n"
        "Rete;Ascolto;20160101;003019035:::003098031;CREMA:::LODI;LOMBARDIA;https://o.example/2\n",
        "title_it summary_it start_date istat_code municipality region url",
        "019035 019035;098031",
    ),
    Layout(
        "link and mail are no title",
        "comune;provincia;nome_servizio_erogato;email;url_scheda;latitudine\n"
        "Crema;CR;Spesa a casa;a@b.example;https://p.example/spesa-a-casa-per-persone-sole;45.36\n"
        "Lodi;LO;Ascolto al telefono;c@b.example;https://p.example/ascolto-al-telefono-ogni-giorno;45.31\n",
        "municipality province title_it  url ",
        "019035 098031",
        confirmed="title_it",
    ),
    Layout(
        "state, result and code of a contract",
        "titolo;stato;ESITO;cod_cpv;Data inizio progetto;Data fine progetto;DEN_COMUNE\n"
        "Mensa;CONCLUSO;Aggiudicata;55523100-3;01/02/2020;01/02/2021;Crema\n",
        "title_it    start_date end_date municipality",
        "019035",
    ),
    Layout(
        "alphanumeric code", "titolo;Codice Comune formato alfanumerico\na;019035\n", "title_it istat_code", "019035"
    ),
    Layout(
        "register of territories", "titolo;Codice Comune (alfanumerico)\na;019035\n", "title_it istat_code", "019035"
    ),
    Layout("one word", "titolo;CODISTAT\na;019035\n", "title_it istat_code", "019035"),
    Layout(
        "camel case", "titolo;codiceIstat;nomeComune\na;019035;Crema\n", "title_it istat_code municipality", "019035"
    ),
    Layout(
        "camel case of names",
        "titolo;denominazioneComune;siglaProvincia\na;Crema;CR\n",
        "title_it municipality province",
        "019035",
    ),
    Layout(
        "confiscated assets",
        "Regione;Provincia;Comune;Indirizzo;Destinazione;Fonte\n"
        "Lombardia;Cremona;Crema;via Roma 1;Casa per famiglie;ELENCO-2018-01\n"
        "Puglia;Lecce;Castro;via Po 2;Centro giovani;ELENCO-2018-01\n",
        "region province municipality  title_it source",
        "019035 075096",
        confirmed="title_it",
    ),
    Layout(
        "rebuilding after the earthquake",
        "ID Ordinanza;Oggetto intervento;Comune;Prov;Importo assegnato\n"
        "7;Scuola;Cascia, Preci;PG;€ 1.234,50\n8;Palestra;Norcia;PG;1,2 mln\n",
        " title_it municipality province funding_eur",
        "054007;054043 054035",
    ),
    Layout(
        "health centres",
        "REGIONE;ASL;DENOMINAZIONE STRUTTURA;COMUNE;INDIRIZZO\n"
        "PA Trento;APSS;Casa della comunità;Livo;via A 1\nPuglia;LE;Consultorio;Castro;via B\n",
        "region  title_it municipality ",
        "022106 075096",
        confirmed="title_it",
    ),
    Layout(
        "digital payments of municipalities",
        "ente;avviso;misura;cod_comune;comune;provincia;importo_finanziamento;data_finanziamento\n"
        "COMUNE DI CREMA;Avviso 1.4.3;1.4.3;019035;CREMA;CR;1000;2022-05-31\n",
        "body call measure istat_code municipality province funding_eur start_date",
        "019035",
    ),
    Layout(
        "list of municipalities",
        "Codice Regione;Codice Comune formato alfanumerico;Denominazione in italiano;Sigla automobilistica\n"
        "03;019035;Crema;CR\n03;098031;Lodi;LO\n",
        "region istat_code municipality+title_it province",
        "019035 098031",
        confirmed="title_it",
    ),
    Layout(
        "regions of the list's year",
        "titolo;comune;provincia\na;Novafeltria;PU\nb;Seregno;MI\n",
        "title_it municipality province",
        "099023 108039",
    ),
    Layout(
        "whole provinces",
        "titolo;luoghi\na;Provincia di Cremona\nb;Regione Puglia\nc;Città metropolitana di Bari\n",
        "title_it places",
        "019 16 072",
    ),
    Layout("school years", "titolo;comune;anno\na;Crema;a.s. 2019/20\n", "title_it municipality start_year", "019035"),
    Layout(
        "english",
        "Title;City;Province;Start date;Website\na;Crema;CR;May 2020;https://a.example\n",
        "title_it municipality province start_date url",
        "019035",
    ),
    Layout("cadastral", "oggetto;codice_catastale\na;D142\n", "title_it cadastral_code", "019035"),
    Layout("code without its zeros", "titolo;PRO_COM\na;19035\n", "title_it istat_code", "019035"),
    Layout(
        "province and municipality numbers",
        "titolo;cod_prov;cod_com\na;19;35\n",
        "title_it province_part istat_code",
        "019035",
    ),
    Layout(
        "no header known",
        "Che cosa si fa;Dove sta\nSpesa a casa;Crema\nSportello casa;Lodi\n",
        "title_it municipality",
        "019035 098031",
        confirmed="title_it municipality",
    ),
    Layout(
        "tags and beneficiaries",
        "nome progetto;comune;tags;Persone servite;costo progetto\na;Crema;casa;120;centomila\n",
        "title_it municipality themes beneficiaries funding_eur",
        "019035",
    ),
    Layout(
        "place in brackets", "titolo;comune\na;Castro (LE)\nb;Samone (TN)\n", "title_it municipality", "075096 022165"
    ),
]


def read(layout, columns=None):
    return read_upload(layout.rows.encode(), "elenco.csv", columns=columns)


@pytest.mark.parametrize("layout", LAYOUTS, ids=[layout.name for layout in LAYOUTS])
def test_each_layout_is_read_without_help_or_with_one_confirmation(layout):
    report = read(layout)
    assert bool(report.headers) != bool(layout.confirmed), tell(report)
    guesses = {c.text: "+".join(filter(None, [c.field, c.guess])) for c in report.columns}
    if layout.confirmed:
        assert {one for c in report.columns for one in c.guess.split("+") if one} == set(layout.confirmed.split())
        report = read(layout, guesses)
    header = layout.rows.split("\n")[0].split(";")
    expected = dict(zip(header, layout.fields.split(" "), strict=True))
    found = {text: set(report.headers.get(text, "").split("+")) for text in header}
    assert found == {text: set(fields.split("+")) for text, fields in expected.items()}
    assert " ".join(report.rows["places"]) == layout.places, tell(report)


def test_the_sheet_with_the_list_is_found_named_and_another_can_be_chosen():
    summary = [["Conteggio", "Somma"], ["Lombardia", 12]]
    table = [["Elenco 2024", None], ["titolo", "comune"], ["Mensa", "Crema"], [None, None], ["Fonte: uffici", None]]
    other = [["titolo", "comune"], ["Casa", "Lodi"]]
    data = make_xlsx(summary, table, other, names=("Riassunto", "Elenco", "Altro"))
    report = read_upload(data, "a.xlsx")
    assert (report.sheet, list(report.rows["title_it"])) == ("Elenco", ["Mensa"])
    assert "«Elenco»" in tell(report) and report.sheets[1:] == ("Elenco", "Altro")
    assert list(read_upload(data, "a.xlsx", sheet="Altro").rows["title_it"]) == ["Casa"]
    refused = read_upload(data, "a.xlsx", sheet="Nessuno")
    assert refused.verdict == "refuse" and "Altro" in tell(refused)
