// Names of months, weekdays, halves of the day and eras by language, as Java 17 has them (CLDR 39); weeks begin with
// Monday. A tag that is not listed has the words of its language.

#include "engine/time/locale_words.h"

#include <algorithm>
#include <map>
#include <mutex>

#include "storage/base/error.h"

namespace sarsen::engine {
namespace {

struct Row {
  std::string_view tags;
  std::string_view months;
  std::string_view short_months;
  std::string_view weekdays;
  std::string_view short_weekdays;
  std::string_view half_days;
  std::string_view eras;
};

constexpr Row kRows[] = {
    {"en", "January|February|March|April|May|June|July|August|September|October|November|December",
     "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec", "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday",
     "Mon|Tue|Wed|Thu|Fri|Sat|Sun", "AM|PM", "BC|AD"},
    {"en-CA", "January|February|March|April|May|June|July|August|September|October|November|December",
     "Jan.|Feb.|Mar.|Apr.|May|Jun.|Jul.|Aug.|Sep.|Oct.|Nov.|Dec.",
     "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday", "Mon.|Tue.|Wed.|Thu.|Fri.|Sat.|Sun.", "a.m.|p.m.",
     "BC|AD"},
    {"en-AU", "January|February|March|April|May|June|July|August|September|October|November|December",
     "Jan|Feb|Mar|Apr|May|June|July|Aug|Sept|Oct|Nov|Dec", "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday",
     "Mon|Tue|Wed|Thu|Fri|Sat|Sun", "am|pm", "BC|AD"},
    {"en-GB", "January|February|March|April|May|June|July|August|September|October|November|December",
     "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept|Oct|Nov|Dec", "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday",
     "Mon|Tue|Wed|Thu|Fri|Sat|Sun", "am|pm", "BC|AD"},
    {"en-IE", "January|February|March|April|May|June|July|August|September|October|November|December",
     "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec", "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday",
     "Mon|Tue|Wed|Thu|Fri|Sat|Sun", "a.m.|p.m.", "BC|AD"},
    {"en-001 en-150 en-AG en-AI en-AT en-BB en-BE en-BM en-BS en-BW en-BZ en-CC en-CH en-CK en-CM "
     "en-CX en-CY en-DE en-DG en-DK en-DM en-ER en-FI en-FJ en-FK en-FM en-GD en-GG en-GH en-GI en-GM "
     "en-GY en-HK en-IL en-IM en-IN en-IO en-JE en-JM en-KE en-KI en-KN en-KY en-LC en-LR en-LS en-MG "
     "en-MO en-MS en-MT en-MU en-MW en-MY en-NA en-NF en-NG en-NL en-NR en-NU en-NZ en-PG en-PH en-PK "
     "en-PN en-PW en-RW en-SB en-SC en-SD en-SE en-SG en-SH en-SI en-SL en-SS en-SX en-SZ en-TC en-TK "
     "en-TO en-TT en-TV en-TZ en-UG en-VC en-VG en-VU en-WS en-ZA en-ZM en-ZW",
     "January|February|March|April|May|June|July|August|September|October|November|December",
     "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec", "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday",
     "Mon|Tue|Wed|Thu|Fri|Sat|Sun", "am|pm", "BC|AD"},
    {"de", "Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember",
     "Jan.|Feb.|März|Apr.|Mai|Juni|Juli|Aug.|Sept.|Okt.|Nov.|Dez.",
     "Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonntag", "Mo.|Di.|Mi.|Do.|Fr.|Sa.|So.", "AM|PM",
     "v. Chr.|n. Chr."},
    {"de-AT de-IT", "Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember",
     "Jän.|Feb.|März|Apr.|Mai|Juni|Juli|Aug.|Sep.|Okt.|Nov.|Dez.",
     "Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonntag", "Mo.|Di.|Mi.|Do.|Fr.|Sa.|So.", "AM|PM",
     "v. Chr.|n. Chr."},
    {"fr", "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre",
     "janv.|févr.|mars|avr.|mai|juin|juil.|août|sept.|oct.|nov.|déc.",
     "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche", "lun.|mar.|mer.|jeu.|ven.|sam.|dim.", "AM|PM",
     "av. J.-C.|ap. J.-C."},
    {"fr-MA", "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre",
     "jan.|fév.|mar.|avr.|mai|jui.|juil.|août|sept.|oct.|nov.|déc.",
     "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche", "lun.|mar.|mer.|jeu.|ven.|sam.|dim.", "a.m.|p.m.",
     "av. J.-C.|ap. J.-C."},
    {"fr-CM", "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre",
     "janv.|févr.|mars|avr.|mai|juin|juil.|août|sept.|oct.|nov.|déc.",
     "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche", "lun.|mar.|mer.|jeu.|ven.|sam.|dim.", "matin|soir",
     "av. J.-C.|ap. J.-C."},
    {"fr-CA", "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre",
     "janv.|févr.|mars|avr.|mai|juin|juill.|août|sept.|oct.|nov.|déc.",
     "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche", "lun.|mar.|mer.|jeu.|ven.|sam.|dim.", "a.m.|p.m.",
     "av. J.-C.|ap. J.-C."},
    {"es", "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre",
     "ene|feb|mar|abr|may|jun|jul|ago|sept|oct|nov|dic", "lunes|martes|miércoles|jueves|viernes|sábado|domingo",
     "lun|mar|mié|jue|vie|sáb|dom", "a. m.|p. m.", "a. C.|d. C."},
    {"es-419 es-AR es-BO es-BR es-BZ es-CL es-CO es-CR es-CU es-DO es-EC es-GT es-HN es-MX es-NI "
     "es-PA es-PR es-SV es-US",
     "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre",
     "ene.|feb.|mar.|abr.|may.|jun.|jul.|ago.|sep.|oct.|nov.|dic.",
     "lunes|martes|miércoles|jueves|viernes|sábado|domingo", "lun|mar|mié|jue|vie|sáb|dom", "a. m.|p. m.",
     "a. C.|d. C."},
    {"es-PY es-VE", "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre",
     "ene.|feb.|mar.|abr.|may.|jun.|jul.|ago.|sept.|oct.|nov.|dic.",
     "lunes|martes|miércoles|jueves|viernes|sábado|domingo", "lun|mar|mié|jue|vie|sáb|dom", "a. m.|p. m.",
     "a. C.|d. C."},
    {"es-PE es-UY", "enero|febrero|marzo|abril|mayo|junio|julio|agosto|setiembre|octubre|noviembre|diciembre",
     "ene.|feb.|mar.|abr.|may.|jun.|jul.|ago.|set.|oct.|nov.|dic.",
     "lunes|martes|miércoles|jueves|viernes|sábado|domingo", "lun|mar|mié|jue|vie|sáb|dom", "a. m.|p. m.",
     "a. C.|d. C."},
    {"it", "gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre",
     "gen|feb|mar|apr|mag|giu|lug|ago|set|ott|nov|dic", "lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica",
     "lun|mar|mer|gio|ven|sab|dom", "AM|PM", "a.C.|d.C."},
    {"pt", "janeiro|fevereiro|março|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro",
     "jan.|fev.|mar.|abr.|mai.|jun.|jul.|ago.|set.|out.|nov.|dez.",
     "segunda-feira|terça-feira|quarta-feira|quinta-feira|sexta-feira|sábado|domingo",
     "seg.|ter.|qua.|qui.|sex.|sáb.|dom.", "AM|PM", "a.C.|d.C."},
    {"pt-AO pt-CH pt-CV pt-GQ pt-GW pt-LU pt-MO pt-MZ pt-PT pt-ST pt-TL",
     "janeiro|fevereiro|março|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro",
     "jan.|fev.|mar.|abr.|mai.|jun.|jul.|ago.|set.|out.|nov.|dez.",
     "segunda-feira|terça-feira|quarta-feira|quinta-feira|sexta-feira|sábado|domingo",
     "segunda|terça|quarta|quinta|sexta|sábado|domingo", "da manhã|da tarde", "a.C.|d.C."},
    {"nl", "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december",
     "jan.|feb.|mrt.|apr.|mei|jun.|jul.|aug.|sep.|okt.|nov.|dec.",
     "maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag", "ma|di|wo|do|vr|za|zo", "a.m.|p.m.",
     "v.Chr.|n.Chr."},
    {"sv", "januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december",
     "jan.|feb.|mars|apr.|maj|juni|juli|aug.|sep.|okt.|nov.|dec.", "måndag|tisdag|onsdag|torsdag|fredag|lördag|söndag",
     "mån|tis|ons|tors|fre|lör|sön", "fm|em", "f.Kr.|e.Kr."},
    {"da", "januar|februar|marts|april|maj|juni|juli|august|september|oktober|november|december",
     "jan.|feb.|mar.|apr.|maj|jun.|jul.|aug.|sep.|okt.|nov.|dec.", "mandag|tirsdag|onsdag|torsdag|fredag|lørdag|søndag",
     "man.|tir.|ons.|tor.|fre.|lør.|søn.", "AM|PM", "f.Kr.|e.Kr."},
    {"nb no", "januar|februar|mars|april|mai|juni|juli|august|september|oktober|november|desember",
     "jan.|feb.|mar.|apr.|mai|jun.|jul.|aug.|sep.|okt.|nov.|des.", "mandag|tirsdag|onsdag|torsdag|fredag|lørdag|søndag",
     "man.|tir.|ons.|tor.|fre.|lør.|søn.", "a.m.|p.m.", "f.Kr.|e.Kr."},
    {"fi",
     "tammikuuta|helmikuuta|maaliskuuta|huhtikuuta|toukokuuta|kesäkuuta|heinäkuuta|elokuuta|"
     "syyskuuta|lokakuuta|marraskuuta|joulukuuta",
     "tammik.|helmik.|maalisk.|huhtik.|toukok.|kesäk.|heinäk.|elok.|syysk.|lokak.|marrask.|jouluk.",
     "maanantaina|tiistaina|keskiviikkona|torstaina|perjantaina|lauantaina|sunnuntaina", "ma|ti|ke|to|pe|la|su",
     "ap.|ip.", "eKr.|jKr."},
    {"pl",
     "stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|września|października|listopada|"
     "grudnia",
     "sty|lut|mar|kwi|maj|cze|lip|sie|wrz|paź|lis|gru", "poniedziałek|wtorek|środa|czwartek|piątek|sobota|niedziela",
     "pon.|wt.|śr.|czw.|pt.|sob.|niedz.", "AM|PM", "p.n.e.|n.e."},
    {"cs", "ledna|února|března|dubna|května|června|července|srpna|září|října|listopadu|prosince",
     "led|úno|bře|dub|kvě|čvn|čvc|srp|zář|říj|lis|pro", "pondělí|úterý|středa|čtvrtek|pátek|sobota|neděle",
     "po|út|st|čt|pá|so|ne", "dop.|odp.", "př. n. l.|n. l."},
    {"hu",
     "január|február|március|április|május|június|július|augusztus|szeptember|október|"
     "november|december",
     "jan.|febr.|márc.|ápr.|máj.|jún.|júl.|aug.|szept.|okt.|nov.|dec.",
     "hétfő|kedd|szerda|csütörtök|péntek|szombat|vasárnap", "H|K|Sze|Cs|P|Szo|V", "de.|du.", "i. e.|i. sz."},
    {"ro",
     "ianuarie|februarie|martie|aprilie|mai|iunie|iulie|august|septembrie|octombrie|noiembrie|"
     "decembrie",
     "ian.|feb.|mar.|apr.|mai|iun.|iul.|aug.|sept.|oct.|nov.|dec.", "luni|marți|miercuri|joi|vineri|sâmbătă|duminică",
     "lun.|mar.|mie.|joi|vin.|sâm.|dum.", "a.m.|p.m.", "î.Hr.|d.Hr."},
    {"ro-MD",
     "ianuarie|februarie|martie|aprilie|mai|iunie|iulie|august|septembrie|octombrie|noiembrie|"
     "decembrie",
     "ian.|feb.|mar.|apr.|mai|iun.|iul.|aug.|sept.|oct.|nov.|dec.", "luni|marți|miercuri|joi|vineri|sâmbătă|duminică",
     "Lun|Mar|Mie|Joi|Vin|Sâm|Dum", "a.m.|p.m.", "î.Hr.|d.Hr."},
    {"ru",
     "января|февраля|марта|апреля|мая|июня|июля|августа|"
     "сентября|октября|ноября|декабря",
     "янв.|февр.|мар.|апр.|мая|июн.|июл.|авг.|сент.|окт.|нояб.|"
     "дек.",
     "понедельник|вторник|среда|четверг|пятница|суббота|"
     "воскресенье",
     "пн|вт|ср|чт|пт|сб|вс", "AM|PM", "до н. э.|н. э."},
    {"uk",
     "січня|лютого|березня|квітня|травня|червня|липня|"
     "серпня|вересня|жовтня|листопада|грудня",
     "січ.|лют.|бер.|квіт.|трав.|черв.|лип.|серп.|вер.|жовт.|"
     "лист.|груд.",
     "понеділок|вівторок|середа|четвер|пʼятниця|субота|"
     "неділя",
     "пн|вт|ср|чт|пт|сб|нд", "дп|пп", "до н. е.|н. е."},
    {"el",
     "Ιανουαρίου|Φεβρουαρίου|Μαρτίου|Απριλίου|Μαΐου|"
     "Ιουνίου|Ιουλίου|Αυγούστου|Σεπτεμβρίου|Οκτωβρίου|"
     "Νοεμβρίου|Δεκεμβρίου",
     "Ιαν|Φεβ|Μαρ|Απρ|Μαΐ|Ιουν|Ιουλ|Αυγ|Σεπ|Οκτ|Νοε|Δεκ",
     "Δευτέρα|Τρίτη|Τετάρτη|Πέμπτη|Παρασκευή|Σάββατο|"
     "Κυριακή",
     "Δευ|Τρί|Τετ|Πέμ|Παρ|Σάβ|Κυρ", "π.μ.|μ.μ.", "π.Χ.|μ.Χ."},
    {"tr", "Ocak|Şubat|Mart|Nisan|Mayıs|Haziran|Temmuz|Ağustos|Eylül|Ekim|Kasım|Aralık",
     "Oca|Şub|Mar|Nis|May|Haz|Tem|Ağu|Eyl|Eki|Kas|Ara", "Pazartesi|Salı|Çarşamba|Perşembe|Cuma|Cumartesi|Pazar",
     "Pzt|Sal|Çar|Per|Cum|Cmt|Paz", "ÖÖ|ÖS", "MÖ|MS"},
    {"ja", "1月|2月|3月|4月|5月|6月|7月|8月|9月|10月|11月|12月", "1月|2月|3月|4月|5月|6月|7月|8月|9月|10月|11月|12月",
     "月曜日|火曜日|水曜日|木曜日|金曜日|土曜日|日曜日", "月|火|水|木|金|土|日", "午前|午後", "紀元前|西暦"},
    {"ko", "1월|2월|3월|4월|5월|6월|7월|8월|9월|10월|11월|12월", "1월|2월|3월|4월|5월|6월|7월|8월|9월|10월|11월|12월",
     "월요일|화요일|수요일|목요일|금요일|토요일|일요일", "월|화|수|목|금|토|일", "오전|오후", "BC|AD"},
    {"zh", "一月|二月|三月|四月|五月|六月|七月|八月|九月|十月|十一月|十二月",
     "1月|2月|3月|4月|5月|6月|7月|8月|9月|10月|11月|12月", "星期一|星期二|星期三|星期四|星期五|星期六|星期日",
     "周一|周二|周三|周四|周五|周六|周日", "上午|下午", "公元前|公元"},
    {"zh-HK zh-Hant-HK zh-Hant-MO zh-MO", "1月|2月|3月|4月|5月|6月|7月|8月|9月|10月|11月|12月",
     "1月|2月|3月|4月|5月|6月|7月|8月|9月|10月|11月|12月", "星期一|星期二|星期三|星期四|星期五|星期六|星期日",
     "週一|週二|週三|週四|週五|週六|週日", "上午|下午", "公元前|公元"},
    {"zh-Hant zh-Hant-TW zh-TW", "1月|2月|3月|4月|5月|6月|7月|8月|9月|10月|11月|12月",
     "1月|2月|3月|4月|5月|6月|7月|8月|9月|10月|11月|12月", "星期一|星期二|星期三|星期四|星期五|星期六|星期日",
     "週一|週二|週三|週四|週五|週六|週日", "上午|下午", "西元前|西元"},
    {"zh-SG", "一月|二月|三月|四月|五月|六月|七月|八月|九月|十月|十一月|十二月",
     "一月|二月|三月|四月|五月|六月|七月|八月|九月|十月|十一月|十二月",
     "星期一|星期二|星期三|星期四|星期五|星期六|星期日", "周一|周二|周三|周四|周五|周六|周日", "上午|下午",
     "公元前|公元"},
    {"id", "Januari|Februari|Maret|April|Mei|Juni|Juli|Agustus|September|Oktober|November|Desember",
     "Jan|Feb|Mar|Apr|Mei|Jun|Jul|Agu|Sep|Okt|Nov|Des", "Senin|Selasa|Rabu|Kamis|Jumat|Sabtu|Minggu",
     "Sen|Sel|Rab|Kam|Jum|Sab|Min", "AM|PM", "SM|M"},
    {"vi",
     "tháng 1|tháng 2|tháng 3|tháng 4|tháng 5|tháng 6|tháng 7|tháng 8|tháng 9|tháng 10|"
     "tháng 11|tháng 12",
     "thg 1|thg 2|thg 3|thg 4|thg 5|thg 6|thg 7|thg 8|thg 9|thg 10|thg 11|thg 12",
     "Thứ Hai|Thứ Ba|Thứ Tư|Thứ Năm|Thứ Sáu|Thứ Bảy|Chủ Nhật", "Th 2|Th 3|Th 4|Th 5|Th 6|Th 7|CN", "SA|CH",
     "Trước CN|Sau CN"},
};

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(separator, begin), text.size());
    parts.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

const Row* find_row(std::string_view tag) {
  for (const Row& row : kRows)
    for (const std::string& known : split(row.tags, ' '))
      if (known == tag) return &row;
  return nullptr;
}

/// Locale.forLanguageTag takes either case and underscores for no tag at all.
std::string normalised(std::string_view tag) {
  std::string text;
  bool language = true;
  for (const char c : tag) {
    if (c == '-') language = false;
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    text += !letter ? c : static_cast<char>(language ? c | 0x20 : c & ~0x20);
  }
  if (text.starts_with("zh-HANT")) text = "zh-TW";
  return text;
}

/// Locale.forLanguageTag takes what is no tag, such as "Europe/Paris", for no language at all.
bool is_language_tag(std::string_view tag) {
  const std::string_view language = tag.substr(0, tag.find('-'));
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return language.size() >= 2 && language.size() <= 8 && std::all_of(language.begin(), language.end(), is_letter);
}

}  // namespace

const LocaleWords& LocaleWords::find(std::string_view tag) {
  static std::mutex mutex;
  static std::map<const Row*, LocaleWords> known;
  const std::string name = normalised(is_language_tag(tag) ? tag : "en");
  const Row* row = find_row(name);
  if (row == nullptr) row = find_row(name.substr(0, name.find('-')));
  if (row == nullptr)
    throw Error(ErrorCategory::kUnsupported,
                "Names of months and days are not part of this version in the locale " + std::string(tag));
  const std::lock_guard lock(mutex);
  return known
      .try_emplace(row, LocaleWords{split(row->months, '|'), split(row->short_months, '|'), split(row->weekdays, '|'),
                                    split(row->short_weekdays, '|'), split(row->half_days, '|'), split(row->eras, '|')})
      .first->second;
}

}  // namespace sarsen::engine
