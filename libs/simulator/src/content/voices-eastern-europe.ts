import type { Voice } from './voice.ts';

export const EASTERN_EUROPE: readonly Voice[] = [
  {
    language: 'ru',
    weight: 5,
    names: ['Ольга Лескова|olga_l', 'Кот Матвей|matvey', 'Игорь Ветров|vetrov'],
    sentences: [
      'Утром на реке стоял такой туман, что лодки плыли будто по воздуху.',
      'Кто-нибудь знает, как починить старый патефон?',
      'Бабушка прислала варенье, и теперь вся кухня пахнет летом.',
      'Дописал программу, которая считает ворон за окном; ворон сегодня сорок две.',
      'В библиотеке тихо, тепло и есть чай, что ещё нужно в ноябре.',
      'Первый снег опять всех застал врасплох, хотя выпал по расписанию.',
    ],
    hashtags: ['Фотография', 'Книги', 'Природа'],
  },
  {
    language: 'uk',
    weight: 4,
    names: ['Оксана Гай|oksana', 'Тарас Ліщина|taras_l'],
    sentences: [
      'Сьогодні зацвіла вишня біля старої школи.',
      'Хтось підкаже, де полагодити бабусину швейну машинку?',
      'Спекла хліб на заквасці, і він нарешті піднявся.',
      'Поїзд запізнився на годину, зате я дочитав роман.',
      'Їжак знову прийшов по яблука, тепер уже з двома малими.',
    ],
    hashtags: ['Світлини', 'Книжки', 'Київ'],
  },
  {
    language: 'pl',
    weight: 3,
    names: ['Zofia Wróbel|zofia', 'Łukasz Żak|lukasz'],
    sentences: [
      'Żółte liście zasypały całą ścieżkę i nikt nie chce ich sprzątać.',
      'Czy ktoś wie, gdzie kupić dobry ser owczy w Krakowie?',
      'Wczoraj słyszałem sowę, a dziś już dwie.',
      'Naprawiłem rower, teraz czekam na pogodę.',
      'Książka miała trzysta stron, a przeczytałam ją w jeden deszczowy dzień.',
    ],
    hashtags: ['Fotografia', 'Książki', 'Góry'],
  },
  {
    language: 'cs',
    weight: 2,
    names: ['Jana Dvořáková|jana', 'Ondřej Kříž|ondrak'],
    sentences: [
      'Na houbách jsme našli víc borůvek než hub, ale nikdo si nestěžuje.',
      'Příliš mnoho káblů a příliš málo zásuvek.',
      'Nevíte někdo, kdy jede poslední vlak do Tábora?',
      'Řeka po dešti stoupla o půl metru a kachny jsou nadšené.',
    ],
    hashtags: ['Příroda', 'Vlaky'],
  },
  {
    language: 'el',
    weight: 2,
    names: ['Ελένη Παπά|eleni', 'Νίκος Βράχος|nikos'],
    sentences: [
      'Το πρωί η θάλασσα ήταν λάδι και οι γάτες του λιμανιού κοιμόντουσαν ακόμη.',
      'Ξέρει κανείς πού φτιάχνουν παλιά ρολόγια;',
      'Μαζέψαμε τις ελιές πριν από τη βροχή.',
      'Ο παππούς έμαθε να στέλνει φωτογραφίες και δεν σταματά.',
    ],
    hashtags: ['Φωτογραφία', 'Θάλασσα'],
  },
  {
    language: 'tr',
    weight: 3,
    names: ['Ayşe Gündüz|ayse', 'Çağrı Işık|cagri'],
    sentences: [
      'Vapurda çay, martılara simit; pazar günü tam da böyle başlamalı.',
      'Eski fotoğraf makinemi tamir edebilecek birini tanıyan var mı?',
      'Bahçedeki incir ağacı bu yıl ilk kez meyve verdi.',
      'İstanbul’da yağmur başladı, ışıklar suya düştü.',
      'Gece yarısı derlenen kod sabah çalışmaz.',
    ],
    hashtags: ['Fotoğraf', 'İstanbul', 'Kitap'],
  },
];
