"""What people of the demo write: short, in their own words, about things that happen in a district.

Invented. No sentence names a person, a house number or a licence plate; ``{spot}`` is a place everybody knows.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass

from linli.kernel.areas import Node
from linli.kernel.areas.models import Kind


@dataclass(frozen=True)
class Trouble:
    """A kind of problem: how residents say it, and how the unit answers."""

    said: tuple[str, ...]
    done: tuple[str, ...]
    picture: str = "street"


TROUBLES: Mapping[str, Trouble] = {
    "E0102": Trouble(
        ("{spot}的垃圾堆了好几天没人清，天一热味道很大。", "{spot}边上一堆垃圾，苍蝇多得很，麻烦安排人收一下。",
         "早上路过{spot}，垃圾都铺到路上来了。"),
        ("已安排保洁清运，现场冲洗，并加密每日清运一次。", "垃圾已清运干净，已提醒沿街商户定时投放。"), "rubbish"),
    "E0104": Trouble(
        ("{spot}路面全是泥，下雨天又滑又脏。", "{spot}前几天施工拖的泥一直没人扫。"),
        ("已安排洒水车冲洗并人工清扫。", "路面已清扫干净，已要求工地出口设冲洗。"), "rubbish"),
    "E0103": Trouble(
        ("有人半夜把装修垃圾倒在{spot}，占了半条路。", "{spot}的建筑渣土堆了一个多星期了。"),
        ("渣土已清运两车，现场已恢复，正在查看倾倒人。", "已联系清运公司拉走，地面已清扫。"), "rubble"),
    "E0106": Trouble(
        ("{spot}旁边的绿化带里都是塑料袋和快餐盒。",), ("绿化带已清捡，枯枝一并清运。",), "green"),
    "E0108": Trouble(
        ("不知道谁把旧沙发丢在{spot}，挡着人走路。", "{spot}放了两张破床垫，淋了雨都发霉了。"),
        ("大件废弃家具已清走，并公布了大件垃圾预约电话。",), "rubble"),
    "E0201": Trouble(
        ("{spot}的墙上又贴满了小广告，看着心烦。", "{spot}的电线杆上全是牛皮癣。"),
        ("小广告已清除并粉刷，已登记号码移交处理。",), "wall"),
    "E0504": Trouble(
        ("{spot}几家店把桌子摆到人行道上，老人只能走马路。", "{spot}的水果店天天把货摆出来，过不去人。"),
        ("已劝导商户收回店内经营，并签门前三包承诺。",), "stall"),
    "E0506": Trouble(
        ("{spot}电动车乱停，盲道都占满了。", "{spot}的共享单车倒了一大片。"),
        ("已清理归位，增划停车位二十个。", "已联系运营企业清运，并安排早晚高峰巡看。"), "bikes"),
    "E0507": Trouble(
        ("{spot}有人在路边堆沙子和砖，晚上没灯容易绊到。", "{spot}的楼道口堆满纸板杂物。"),
        ("堆放物已清走，已约谈当事人。",), "rubble"),
    "E0508": Trouble(
        ("{spot}那家店从早到晚用喇叭喊打折，吵得头疼。",), ("已到店劝导，喇叭已拆下。",), "stall"),
    "E0301": Trouble(
        ("{spot}旁边的工地晚上十一点还在打桩，娃娃睡不着。", "{spot}楼上装修，中午也用电钻。"),
        ("已责令夜间停工，并公示施工时段。", "已与装修户约定午休和夜间不施工。"), "site"),
    "E0302": Trouble(
        ("{spot}工地灰大得很，窗户都不敢开。",), ("已要求裸土覆盖、开启喷淋，并复查一次。",), "site"),
    "C0118": Trouble(
        ("{spot}的路灯坏了三盏，晚上黑漆漆的。", "{spot}路灯一闪一闪的，有两天了。"),
        ("已更换灯具三盏，夜间复看已亮。", "线路接头已处理，路灯恢复正常。"), "lamp"),
    "C0305": Trouble(
        ("{spot}的垃圾桶盖子坏了，满出来都是。",), ("已更换垃圾桶两个。",), "rubbish"),
    "C0402": Trouble(
        ("{spot}的行道树枝断了一根，挂在半空。", "{spot}的树枝伸到二楼窗户上了，想请人修剪。"),
        ("断枝已清除，同段树木已一并修剪。",), "green"),
    "C0126": Trouble(
        ("{spot}的健身器材扶手松了，老人小孩天天在用。",), ("已紧固并更换零件，贴了检修日期。",), "green"),
    "S0901": Trouble(
        ("{spot}广场舞音响晚上九点半还开着，请协调一下。", "隔壁的狗一到半夜就叫，整栋楼都睡不好。"),
        ("已与队伍约定音量和九点结束。", "已上门沟通，养犬人同意夜间牵回室内。"), "square"),
    "S0903": Trouble(
        ("{spot}有人遛狗不拴绳，小孩吓哭了。",), ("已上门宣传文明养犬并登记，安排早晚巡看。",), "square"),
    "S0801": Trouble(
        ("小区门禁坏了半个月，物业一直说在等配件。", "{spot}那部分公共照明物业不修，报了几次没回音。"),
        ("已约谈物业，门禁当日修复，公示了报修电话。", "物业已更换照明，社区约定每月查看一次。"), "building"),
    "S0602": Trouble(
        ("家里停水一上午了，也没看到通知。", "{spot}这片都没水，想知道什么时候来。"),
        ("管道抢修完成，已恢复供水，并在楼栋群告知原因。",), "water"),
    "S0601": Trouble(
        ("我妈八十二了，想问高龄补贴怎么办，能不能上门帮办。",), ("已上门核实并代办，资料已报送。",), "building"),
    "S0702": Trouble(
        ("医保缴费扣了两次，跑了两趟没弄清楚。",), ("已查明为重复缴费，退费手续已办。",), "building"),
    "S0102": Trouble(
        ("家里老人的赡养几姊妹说不拢，想请社区帮忙调解。",), ("已组织调解，达成轮流照料约定。",), "building"),
    "S1001": Trouble(
        ("{spot}的熟食店苍蝇乱飞，买回来的菜有怪味。",), ("已现场检查，责令整改并复查合格。",), "stall"),
    "S1003": Trouble(
        ("{spot}那家理发店充了卡就关门，钱退不出来。",), ("经调解，商家已退还余额。",), "stall"),
    "E0110": Trouble(
        ("{spot}路面有个大坑，骑车差点摔倒。", "{spot}人行道地砖松了一片，下雨踩一脚水。"),
        ("已围护并设警示。", "坑槽已修补压实，路面平整。"), "road"),
    "C0114": Trouble(
        ("{spot}的井盖松了，车一过就响，怕掉下去。",), ("已围护并有人看守。", "井盖已更换，与路面平顺。"), "road"),
    "C0103": Trouble(
        ("{spot}的雨水井盖破了一半，晚上看不见。",), ("已围护并设警示灯。", "雨水井盖已更换。"), "road"),
    "S0302": Trouble(
        ("{spot}有人从窗户拉线下来给电动车充电。",), ("已拆除飞线，车辆已移出。", "已在楼下增设充电桩。"), "building"),
}  # fmt: skip

URGENT = ("C0114", "C0103")
BRISK = frozenset({*URGENT, "E0110", "S0302"})
ORDINARY = tuple(code for code in TROUBLES if code not in BRISK)
ON_THE_SPOT: Mapping[str, str] = {
    "E0102": "清理零星垃圾", "E0104": "清扫路面泥沙", "E0106": "捡拾绿化带垃圾", "E0201": "铲除小广告",
    "E0108": "联系清走旧家具", "E0203": "劝导收回占道灯箱", "E0511": "劝导收回沿街晾晒", "E0507": "清走楼道杂物",
    "E0599": "扶正倒伏单车",
}  # fmt: skip

SPOTS_IN_TOWN = ("集贸市场门口", "小区北门", "公交站旁", "小学对面", "卫生站门口", "老菜市口", "文化广场", "幼儿园路口",
                 "河边步道", "快递驿站旁", "停车场出口", "老年活动室楼下")  # fmt: skip
SPOTS_IN_VILLAGE = ("村口晒场", "文化广场", "村卫生室旁", "水沟边", "小卖铺门口", "篮球场", "进村路口", "大榕树下")


def spot(node: Node, chance: random.Random) -> str:
    """Return a place that everybody around ``node`` knows; villages have other ones than towns."""
    return chance.choice(SPOTS_IN_VILLAGE if node.kind == Kind.VILLAGER else SPOTS_IN_TOWN)


def said(code: str, place: str, chance: random.Random) -> str:
    """Return a resident's words about a problem of category ``code``."""
    return chance.choice(TROUBLES[code].said).format(spot=place)


def done(code: str, phase: int, chance: random.Random) -> str:
    """Return a unit's answer; categories with phases have one answer for each."""
    words = TROUBLES[code].done
    return words[min(phase, len(words)) - 1] if code in BRISK else chance.choice(words)
