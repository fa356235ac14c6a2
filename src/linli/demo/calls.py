"""What the whistles of the demo are blown for: the problem, why who found it cannot solve it, who is called.

Invented, like :mod:`linli.demo.texts`. ``{spot}`` is a place everybody knows; a unit's code may end in
``{street}``, and is then the station of that street.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Call:
    """A problem that takes other units: its words, its category, its lead and assistants."""

    title: str
    said: str
    why: str
    category: str
    lead: str
    assistants: tuple[str, ...] = ()
    done: str = "已会同各单位现场处置完毕，街道和社区到场确认。"


DISTRICT = (
    Call(
        "污水管断裂外溢",
        "{spot}的污水管断裂，污水流上路面，进了旁边的河沟。",
        "管网归排水企业，河道归水务，街道没有维修权和执法权",
        "E0404",
        "drainage_co",
        ("water_affairs",),
        "断管已更换，路面冲洗消毒，河沟清淤，三天内复查两次。",
    ),
    Call(
        "老旧小区燃气管道锈蚀",
        "{spot}旁的老楼燃气立管锈得厉害，居民闻到过气味。",
        "燃气设施检查和改造不属街道权限",
        "S0304",
        "gas_co",
        ("housing",),
        "锈蚀立管已更换，逐户测漏合格，住建部门列入改造计划。",
    ),
    Call(
        "违法建设反复搭建",
        "{spot}顶楼拆了又搭彩钢房，劝过三次。",
        "街道没有强制拆除的决定权",
        "E0101",
        "urban",
        ("resources",),
        "已依法限期拆除，规划部门认定，现场恢复。",
    ),
    Call(
        "夜间施工扰民屡禁不止",
        "{spot}工地连续一周夜里打桩，居民多次反映。",
        "处罚权在部门，街道只能劝导",
        "E0301",
        "housing",
        ("ecology",),
        "已约谈施工单位，公示施工时段，夜间巡查一周无反复。",
    ),
    Call(
        "占道市场堵死消防通道",
        "{spot}的早市摆到消防通道上，救护车进不来。",
        "消防和市场监管执法权在部门",
        "S0301",
        "fire",
        ("market", "urban"),
        "通道已清出划线，市场移入指定区域，部门轮值一周。",
    ),
    Call(
        "井盖权属不明长期缺失",
        "{spot}的井盖丢了，问了三家单位都说不是自己的。",
        "井盖权属不明，街道没有管线资料",
        "C0114",
        "urban",
        ("drainage_co", "telecom_co"),
        "先补盖后确权，三家管线单位到场比对，权属已登记。",
    ),
    Call(
        "餐饮油烟直排居民楼",
        "{spot}几家馆子油烟直排，楼上窗户都不敢开。",
        "油烟检测和处罚权在部门",
        "E0116",
        "ecology",
        ("market",),
        "已装净化设施并检测达标，逾期未装的停业整改。",
    ),
    Call(
        "道路塌陷",
        "{spot}路面塌了一块，下面像是空的。",
        "道路和地下管线不归街道养护",
        "E0401",
        "urban",
        ("drainage_co",),
        "已开挖回填，管线修复，路面恢复通行。",
    ),
    Call(
        "架空线缆低垂",
        "{spot}线缆垂到人头高，雨天冒过火花。",
        "线缆属电力和通信企业",
        "E0408",
        "telecom_co",
        ("power_co",),
        "废线已剪除，线缆收紧入槽。",
    ),
    Call(
        "学校门口交通拥堵",
        "{spot}上下学时段车停三排，孩子从车缝里走。",
        "交通组织和处罚权在公安交管",
        "E0505",
        "police",
        ("education",),
        "增设护学岗和即停即走区，错峰放学。",
    ),
    Call(
        "供水管爆裂停水",
        "{spot}一片停水，路面冒水。",
        "供水管网归供水企业",
        "E0402",
        "water_co",
        (),
        "爆管已修复，当晚恢复供水。",
    ),
    Call(
        "河道漂浮物成片",
        "{spot}河面漂着成片垃圾，闻着臭。",
        "河道保洁归水务部门",
        "E0105",
        "water_affairs",
        (),
        "漂浮物已清捞，增设拦污网。",
    ),
    Call(
        "路灯整段不亮",
        "{spot}整条路的灯都不亮，已经一个星期。",
        "路灯归城管部门养护，街道没有权限",
        "C0118",
        "urban",
        ("power_co",),
        "线路故障已排除，全线复亮。",
    ),
    Call(
        "电梯频繁困人",
        "{spot}边的楼电梯一个月困了四次人。",
        "特种设备监管权在市场监管部门",
        "C2133",
        "market",
        ("housing",),
        "维保单位更换部件，检验合格，物业公示维保记录。",
    ),
    Call(
        "拖欠工资聚集",
        "{spot}工地的工人来街道反映欠薪。",
        "劳动监察权在人社部门",
        "S0701",
        "labour",
        ("housing",),
        "工资已足额发放，签收表存档。",
    ),
)

COMMUNITY = (
    Call(
        "楼道堆物反复",
        "{spot}边几栋楼的楼道堆满纸板，清了又堆。",
        "社区没有执法权",
        "S0301",
        "safety.{street}",
        (),
        "楼道已清空，逐户签承诺。",
    ),
    Call(
        "店外经营占道",
        "{spot}几家店天天把货摆出来。",
        "社区没有执法权，劝导无效",
        "E0504",
        "urban.{street}",
        (),
        "已责令收回店内，登记三次以上的立案。",
    ),
    Call(
        "无照游商聚集",
        "{spot}傍晚聚着十几个摊子，油水满地。",
        "社区没有执法权",
        "E0501",
        "urban.{street}",
        ("market.{street}",),
        "已疏导到便民点，路面冲洗。",
    ),
    Call(
        "广场舞噪声",
        "{spot}的音响到夜里十点还开着，几方说不拢。",
        "社区协调多次无效，需要民警到场",
        "S0901",
        "police.{street}",
        (),
        "已约定音量和结束时间，民警登记备查。",
    ),
    Call(
        "小作坊卫生差",
        "{spot}有家小作坊，门口污水横流。",
        "食品经营检查权在市场监管所",
        "S1001",
        "market.{street}",
        (),
        "已责令整改，复查合格。",
    ),
    Call(
        "物业不履约",
        "{spot}旁的小区门禁、照明坏了没人修。",
        "社区约谈物业两次无果，需要街道规划建设办出面",
        "S0801",
        "planning.{street}",
        (),
        "物业已签整改清单，门禁照明恢复。",
    ),
    Call(
        "飞线充电屡禁不止",
        "{spot}的楼上又拉下来七八根充电线。",
        "社区只能劝导",
        "S0302",
        "safety.{street}",
        ("police.{street}",),
        "飞线已拆除，增设充电桩两组。",
    ),
    Call(
        "流浪犬聚集",
        "{spot}有六七条流浪狗，吓到过老人小孩。",
        "社区没有捕捉条件",
        "S0903",
        "urban.{street}",
        (),
        "已联系收容，安排早晚巡看。",
    ),
    Call(
        "出租房隐患",
        "{spot}有栋自建房隔成二十多间出租，线路乱拉。",
        "社区没有检查权",
        "S0501",
        "police.{street}",
        ("safety.{street}",),
        "已限期整改隔断和线路，复查通过。",
    ),
    Call(
        "邻里漏水纠纷",
        "{spot}楼上漏水半年，两家快打起来。",
        "社区调解两次未成，需要司法所参与",
        "S0101",
        "justice.{street}",
        (),
        "已达成维修和赔偿协议，司法所存档。",
    ),
)

EMERGENCY = Call(
    "燃气泄漏险情",
    "{spot}施工挖断燃气管，气味很大，已经疏散周边。",
    "抢修和处置权在燃气企业和专业部门",
    "E0403",
    "gas_co",
    ("fire", "housing"),
    "已关阀抢修，检测无残留，居民返家。",
)

COMPOUND = Call(
    "小区门禁和垃圾桶",
    "小区北门门禁坏了，垃圾桶满了两天没人换。",
    "楼栋长和网格员说不动物业",
    "S0801",
    "property",
    (),
    "门禁已修，垃圾桶每日换两次。",
)
