"""The units a number can have, in English and Chinese, and what they come to."""

# unit → (dimension, how many of the dimension's first unit)
UNITS: dict[str, tuple[str, float]] = {}
for _dimension, _units in {
    "length": "m metre metres meter meters 米=1 km kilometre kilometres kilometer kilometers 公里 千米=1000 cm "
    "centimetre centimetres centimeter centimeters 厘米=.01 mm millimetre millimetres millimeter millimeters 毫米=.001 "
    "mile miles 英里=1609.344 foot feet ft 英尺=.3048 inch inches 英寸=.0254 里=500",
    "mass": "g gram grams 克=1 kg kilogram kilograms kilo kilos 公斤 千克=1000 斤=500 t tonne tonnes ton tons "
    "吨=1000000 pound-mass lb lbs=453.6 mg milligram milligrams 毫克=.001",
    "time": "second seconds sec secs 秒 秒钟=1 minute minutes min mins 分钟=60 hour hours hr hrs 小时 个小时 钟头=3600 "
    "day days 天=86400 week weeks 周 星期 个星期=604800 fortnight=1209600",
    "span": "month months 个月=1 year years yr yrs=12",
    "speed": "km/h kph kilometres-per-hour kilometers-per-hour=1 mph miles-per-hour=1.609344 knots knot 节=1.852",
    "temperature": "°c ℃ celsius degrees-celsius 摄氏度 度=1",
    "fahrenheit": "°f ℉ fahrenheit degrees-fahrenheit 华氏度=1",
    "energy": "kwh kilowatt-hours kilowatt-hour 千瓦时 度电=1 mwh megawatt-hours megawatt-hour=1000",
    "power": "w watt watts 瓦=1 kw kilowatt kilowatts 千瓦=1000 mw megawatt megawatts 兆瓦=1000000",
    "volume": "l litre litres liter liters 升=1 ml millilitre millilitres milliliter milliliters 毫升=.001",
    "area": "hectare hectares ha 公顷=1 square-metres 平方米=.0001 square-kilometres 平方公里=100 亩=.0666667",
    "data": "mb megabyte megabytes=1 gb gigabyte gigabytes=1024 tb=1048576 kb=.0009765625",
    "euro": "euro euros eur € 欧元=1",
    "dollar": "dollar dollars usd $ us$ 美元 美金=1",
    "pound": "pound pounds gbp £ 英镑=1",
    "crown": "crown crowns krona kronor kroner 克朗=1",
    "yuan": "yuan rmb cny ¥ ¥ 元 块 块钱 元钱 人民币=1 角 角钱 毛=.1",
    "yen": "yen jpy 日元=1",
    "hkd": "港元 港币=1",
    "times": "times 次 遍 倍=1",
    "day-of-month": "日 号=1",
    "calendar-year": "年=1",
    "clock": "点 点钟 时 o'clock=1",
    "person": "名 位 人 个人=1",
    "vehicle": "辆=1",
    "volume-of-print": "本 册=1",
    "vote": "票 vote votes=1",
    "age": "岁=1",
}.items():
    _names: list[str] = []
    for _word in _units.split():
        _name, _, _factor = _word.partition("=")
        _names.append(_name)
        if _factor:
            UNITS |= {name: (_dimension, float(_factor)) for name in _names}
            _names = []

# Units that are the same thing said in another tongue or another way.
ALIKE = [{"span", "calendar-year"}, {"day-of-month", "time"}]
