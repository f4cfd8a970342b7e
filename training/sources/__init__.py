"""Every data set ScamScreen knows how to read, one module each; the tuples below are the whole list."""

import logging
from pathlib import Path

from training.example import Source
from training.sources import (
    authored,
    banking77,
    burmese_moneyscam_nuwai,
    emscad_head499,
    everyday,
    fil_sms_spam_data103,
    fraud_r1,
    ftc_advisories,
    ftc_robocall_fragments,
    hi_spam_ram,
    id_hoax_mesolitica,
    id_judol_comments_gbennnn,
    id_judol_comments_jeebriel,
    id_ner_indonlu,
    id_sms_spam_2nd_collection,
    id_sms_spam_michaelchen,
    id_smsa_indonlu,
    janitr_x_scam,
    km_khpos,
    km_sentiment_chhorn,
    korean_korccvi,
    korean_vishing,
    lo_hvulao,
    lurebench,
    mendeley_sms_phishing_5971,
    ms_mesolitica,
    my_myner7,
    nus_sms,
    orfd_58_zh,
    parallel_ntrex128,
    parallel_sib200,
    parallel_tatoeba_laser,
    parallel_udhr,
    skill_extraction_ner,
    skillspan_ner,
    spamassassin,
    teleantifraud_dialogues_zh,
    telecom_fraud_texts_5,
    tg_spam_zh,
    th_jobads_jobthai,
    th_thainer15,
    th_wisesight_sentiment,
    thai_sms_spam_ssivakorn,
    uci_sms_spam,
    vi_email_spam_ankhanh,
    vi_smishing_ie403,
    vi_vispamreviews,
    written_test,
)

logger = logging.getLogger(__name__)

OPEN: tuple[Source, ...] = (
    authored.SOURCE,
    banking77.SOURCE,
    burmese_moneyscam_nuwai.SOURCE,
    emscad_head499.SOURCE,
    everyday.SOURCE,
    fil_sms_spam_data103.SOURCE,
    ftc_advisories.SOURCE,
    ftc_robocall_fragments.SOURCE,
    id_judol_comments_gbennnn.SOURCE,
    id_ner_indonlu.SOURCE,
    id_smsa_indonlu.SOURCE,
    janitr_x_scam.SOURCE,
    lurebench.SOURCE,
    mendeley_sms_phishing_5971.SOURCE,
    parallel_ntrex128.SOURCE,
    parallel_sib200.SOURCE,
    parallel_tatoeba_laser.SOURCE,
    parallel_udhr.SOURCE,
    skill_extraction_ner.SOURCE,
    skillspan_ner.SOURCE,
    spamassassin.SOURCE,
    teleantifraud_dialogues_zh.SOURCE,
    th_thainer15.SOURCE,
    th_wisesight_sentiment.SOURCE,
    thai_sms_spam_ssivakorn.SOURCE,
    uci_sms_spam.SOURCE,
)

EVAL_ONLY: tuple[Source, ...] = (
    fraud_r1.SOURCE,
    hi_spam_ram.SOURCE,
    id_hoax_mesolitica.SOURCE,
    id_judol_comments_jeebriel.SOURCE,
    id_sms_spam_2nd_collection.SOURCE,
    id_sms_spam_michaelchen.SOURCE,
    km_khpos.SOURCE,
    km_sentiment_chhorn.SOURCE,
    korean_korccvi.SOURCE,
    korean_vishing.SOURCE,
    lo_hvulao.SOURCE,
    ms_mesolitica.SOURCE,
    my_myner7.SOURCE,
    nus_sms.SOURCE,
    orfd_58_zh.SOURCE,
    telecom_fraud_texts_5.SOURCE,
    tg_spam_zh.SOURCE,
    th_jobads_jobthai.SOURCE,
    vi_email_spam_ankhanh.SOURCE,
    vi_smishing_ie403.SOURCE,
    vi_vispamreviews.SOURCE,
    written_test.SOURCE,
)

SOURCES = OPEN + EVAL_ONLY


def present_sources(data_root: Path | None, sources: tuple[Source, ...] = SOURCES) -> tuple[Source, ...]:
    """Return the sources whose folder is under the data root; names the absent ones in the log.

    Without a data root these are the sources inside the package.
    """
    present = tuple(
        source
        for source in sources
        if not source.folder or (data_root is not None and (data_root / source.folder).is_dir())
    )
    absent = [source.name for source in sources if source not in present]
    if data_root is None:
        logger.info("no data root: only texts that come with this package are read")
    elif absent:
        logger.warning("not under the data root, left out: %s", ", ".join(absent))
    return present
