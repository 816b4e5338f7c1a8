// SPDX-License-Identifier: GPL-2.0-only
/* The PCI function: probe, removal, resets by others, system sleep. */

#include <linux/dma-mapping.h>
#include <linux/pci.h>
#include <linux/pm.h>
#include <linux/swiotlb.h>

#include <drm/drm_drv.h>
#include <drm/drm_print.h>

#include "device.h"
#include "drv.h"
#include "event.h"
#include "power.h"
#include "reg.h"
#include "reset.h"

static int tsr_pci_map(struct tsr_device *tdev, struct pci_dev *pdev)
{
	tdev->regs = pcim_iomap_region(pdev, TSR_HW_BAR_REGS, "tessera");
	if (IS_ERR(tdev->regs))
		return PTR_ERR(tdev->regs);
	tdev->doorbells = pcim_iomap_region(pdev, TSR_HW_BAR_DOORBELLS, "tessera");
	if (IS_ERR(tdev->doorbells))
		return PTR_ERR(tdev->doorbells);
	if (pci_resource_len(pdev, TSR_HW_BAR_REGS) < TSR_HW_BAR_REGS_SIZE) {
		drm_err(&tdev->drm, "register BAR too small\n");
		return -EINVAL;
	}

	return 0;
}

static int tsr_pci_check_doorbells(struct tsr_device *tdev, struct pci_dev *pdev)
{
	u64 need = (u64)tdev->hw.asids << tdev->hw.doorbell_shift;

	if (pci_resource_len(pdev, TSR_HW_BAR_DOORBELLS) < need) {
		drm_err(&tdev->drm, "doorbell BAR too small, %#llx bytes needed\n", need);
		return -EINVAL;
	}

	return 0;
}

static int tsr_pci_setup_dma(struct tsr_device *tdev, struct pci_dev *pdev)
{
	int ret;

	ret = dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(tdev->hw.phys_bits));
	if (ret) {
		drm_err(&tdev->drm, "no DMA with %u address bits (%d)\n", tdev->hw.phys_bits, ret);
		return ret;
	}
	dma_set_max_seg_size(&pdev->dev, UINT_MAX);
	if (is_swiotlb_force_bounce(&pdev->dev)) {
		drm_err(&tdev->drm,
			"DMA is forced through bounce buffers (swiotlb=force, or a confidential guest); this device shares memory with programs and cannot work that way\n");
		return -EOPNOTSUPP;
	}

	if (dma_addressing_limited(&pdev->dev)) {
		drm_err(&tdev->drm, "the device reaches %u address bits, memory goes beyond\n",
			tdev->hw.phys_bits);
		return -EOPNOTSUPP;
	}

	return 0;
}

/* As many vectors as there is use for as MSI-X, or one MSI. */
static int tsr_pci_setup_vectors(struct tsr_device *tdev, struct pci_dev *pdev)
{
	unsigned int want = min(tdev->hw.vectors, TSR_EVENT_VECTORS);
	int ret;

	ret = pci_alloc_irq_vectors(pdev, want, want, PCI_IRQ_MSIX);
	if (ret < 0)
		ret = pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_MSIX | PCI_IRQ_MSI);
	if (ret < 0) {
		drm_err(&tdev->drm, "neither %u MSI-X vectors nor one MSI to be had (%d)\n", want,
			ret);
		return ret;
	}
	tdev->hw.vectors = ret;

	return 0;
}

static int tsr_pci_setup(struct tsr_device *tdev, struct pci_dev *pdev)
{
	int ret;

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;
	ret = tsr_pci_map(tdev, pdev);
	if (ret)
		return ret;
	ret = tsr_reg_probe(tdev);
	if (ret)
		return ret;
	ret = tsr_pci_check_doorbells(tdev, pdev);
	if (ret)
		return ret;
	ret = tsr_pci_setup_dma(tdev, pdev);
	if (ret)
		return ret;

	return tsr_pci_setup_vectors(tdev, pdev);
}

static int tsr_pci_start(struct tsr_device *tdev, struct pci_dev *pdev)
{
	int ret;

	pci_set_master(pdev);
	ret = tsr_device_init(tdev);
	if (ret)
		goto err_master;
	ret = drm_dev_register(&tdev->drm, 0);
	if (ret)
		goto err_unplug;

	return 0;

err_unplug:
	tsr_device_unplug(tdev);
err_master:
	pci_clear_master(pdev);
	return ret;
}

static int tsr_pci_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct tsr_device *tdev;
	int ret;

	tdev = devm_drm_dev_alloc(&pdev->dev, &tsr_drm_driver, struct tsr_device, drm);
	if (IS_ERR(tdev))
		return PTR_ERR(tdev);
	pci_set_drvdata(pdev, tdev);

	ret = tsr_pci_setup(tdev, pdev);
	if (ret)
		return ret;

	return tsr_pci_start(tdev, pdev);
}

static void tsr_pci_remove(struct pci_dev *pdev)
{
	tsr_device_unplug(pci_get_drvdata(pdev));
}

static void tsr_pci_shutdown(struct pci_dev *pdev)
{
	tsr_pci_remove(pdev);
}

static void tsr_pci_reset_prepare(struct pci_dev *pdev)
{
	tsr_reset_prepare(pci_get_drvdata(pdev));
}

static void tsr_pci_reset_done(struct pci_dev *pdev)
{
	tsr_reset_done(pci_get_drvdata(pdev));
}

static int tsr_pci_suspend(struct device *dev)
{
	tsr_power_suspend(dev_get_drvdata(dev));

	return 0;
}

/* A device that does not come back is lost, as after any reset; the system wakes up. */
static int tsr_pci_resume(struct device *dev)
{
	tsr_power_resume(dev_get_drvdata(dev));

	return 0;
}

static DEFINE_SIMPLE_DEV_PM_OPS(tsr_pci_pm_ops, tsr_pci_suspend, tsr_pci_resume);

static const struct pci_error_handlers tsr_pci_err_handlers = {
	.reset_prepare = tsr_pci_reset_prepare,
	.reset_done = tsr_pci_reset_done,
};

static const struct pci_device_id tsr_pci_ids[] = {
	{ PCI_DEVICE(TSR_HW_PCI_VENDOR, TSR_HW_PCI_DEVICE) },
	{ }
};
MODULE_DEVICE_TABLE(pci, tsr_pci_ids);

struct pci_driver tsr_pci_driver = {
	.name = "tessera",
	.id_table = tsr_pci_ids,
	.probe = tsr_pci_probe,
	.remove = tsr_pci_remove,
	.shutdown = tsr_pci_shutdown,
	.err_handler = &tsr_pci_err_handlers,
	.driver.pm = pm_sleep_ptr(&tsr_pci_pm_ops),
};
